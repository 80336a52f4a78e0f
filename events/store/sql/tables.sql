-- The record. Nothing here is ever updated or deleted, except `claim` (what is held now) and `binder` (one row). The head of a
-- book is its last page; its lock is an advisory one, of the hash of its name.
create schema record;

create sequence record.call;

create table record.page (
    book text collate "C" not null,
    page bigint not null,
    stream text collate "C" not null,
    type text collate "C" not null,
    event_id uuid not null,
    occurred_on date not null,
    recorded_at bigint not null,
    xid xid8 not null,
    cmd int not null,
    call bigint not null,
    ordinal int not null,
    leaf bytea not null,
    entry bytea not null,
    primary key (book, page)
);
comment on table record.page is 'Events: entry = the exact canonical bytes, leaf = SHA-256(0x00 || entry)';
create unique index page_by_stream on record.page (book, stream, page);
create index page_by_transaction on record.page (xid);

create table record.command (
    book text collate "C" not null,
    key text collate "C" not null,
    fingerprint bytea not null,
    xid xid8 not null,
    cmd int not null,
    events int not null,
    primary key (book, key)
);
comment on table record.command is 'Idempotency: each key recorded the pages with its (xid, cmd), from which its receipt is told again byte for byte';

create table record.claim (
    kind text collate "C" not null,
    value text collate "C" not null,
    book text collate "C" not null,
    primary key (kind, value)
);
comment on table record.claim is 'Values that are unique across books while held; follows from the events';

create table record.journal (
    position bigint primary key,
    book text collate "C" not null,
    page bigint not null,
    leaf bytea not null,
    link bytea not null,
    unique (book, page)
);
comment on table record.journal is 'All books bound into one order: positions 0, 1, 2, … without a hole; link = SHA-256(link before || leaf)';

create table record.binder (
    one boolean primary key default true check (one),
    size bigint not null,
    seen pg_snapshot not null,
    link bytea not null
);
comment on table record.binder is 'How many pages are bound, and the snapshot in which the last of them were seen';
insert into record.binder (size, seen, link) values (0, pg_current_snapshot(), '');
