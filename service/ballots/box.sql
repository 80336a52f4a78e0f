-- Boxes of secret ballots (deploy/decisions/secret-ballots.md). A row knows no time, order or person, and each cast rewrites all rows
-- of its box, so that none of them is older, newer or elsewhere than another.
create table service.ballot_box (
    org_id text collate "C" not null,
    ballot_id text collate "C" not null,
    key bytea not null check (octet_length(key) = 16),
    choice bytea not null,
    primary key (org_id, ballot_id, key)
);
comment on table service.ballot_box is 'Papers: sealed, with as many empty ones as there are voters, while a ballot is open; in clear once it is published';

create table service.ballot_seal (
    org_id text collate "C" not null,
    ballot_id text collate "C" not null,
    broken boolean not null default false,
    shredded boolean not null default false,
    primary key (org_id, ballot_id)
);
comment on table service.ballot_seal is 'broken: closed or cancelled, the box is final; shredded: the key that sealed its papers is destroyed';

revoke insert, update, delete, truncate on service.ballot_box, service.ballot_seal from branchbook_app;

-- Replaces the whole box, in the order of the new random keys. While it is open the number of rows never changes; once it is final,
-- nothing changes any more.
create function service.rewrite_box(org text, ballot text, keys bytea[], choices bytea[], final boolean) returns void
language plpgsql security definer set search_path = service, pg_catalog
as $$
declare
    before bigint;
begin
    insert into ballot_seal (org_id, ballot_id) values (org, ballot) on conflict do nothing;
    if (select broken from ballot_seal s where s.org_id = org and s.ballot_id = ballot for update) then
        raise exception 'the box of ballot % is final', ballot using errcode = 'BB003';
    end if;
    delete from ballot_box b where b.org_id = org and b.ballot_id = ballot;
    get diagnostics before = row_count;
    if not final and before not in (0, cardinality(keys)) then
        raise exception 'the box of ballot % has % places', ballot, before using errcode = 'BB003';
    end if;
    insert into ballot_box (org_id, ballot_id, key, choice)
    select org, ballot, n.k, n.c from unnest(keys, choices) n (k, c) order by n.k;
    if final then
        update ballot_seal s set broken = true where s.org_id = org and s.ballot_id = ballot;
    end if;
end
$$;

-- Notes that the key of a final box is gone.
create function service.shredded(org text, ballot text) returns void
language sql security definer set search_path = service, pg_catalog
as $$
    update ballot_seal s set shredded = true where s.org_id = org and s.ballot_id = ballot and s.broken
$$;

revoke execute on function service.rewrite_box(text, text, bytea[], bytea[], boolean), service.shredded(text, text) from public;
grant execute on function service.rewrite_box(text, text, bytea[], bytea[], boolean), service.shredded(text, text) to branchbook_app;
