-- Binds every page that has become visible since the last time. One caller at a time; any process may call.
-- A page is new when its transaction is not visible in the snapshot of the last binding, so no page is ever skipped,
-- however late its transaction commits, and no long transaction elsewhere makes anyone wait.
create function record.bind(out size bigint, out bound int)
language plpgsql security definer set search_path = record, pg_catalog
set plan_cache_mode = force_custom_plan set enable_seqscan = off
as $$
declare
    before pg_snapshot;
    now pg_snapshot;
    last bytea;
    books text[]; pages bigint[]; leaves bytea[];
begin
    bound := 0;
    if not pg_try_advisory_xact_lock(hashtext('branchbook.binder')) then
        select b.size into size from binder b;
        return;
    end if;
    select b.size, b.seen, b.link into size, before, last from binder b;
    select array_agg(f.book), array_agg(f.page), array_agg(f.leaf), pg_current_snapshot() into books, pages, leaves, now
    from (
        select p.book, p.page, p.leaf
        from page p where p.xid >= pg_snapshot_xmin(before) and not pg_visible_in_snapshot(p.xid, before)
        order by p.call, p.ordinal
    ) f;
    bound := coalesce(cardinality(leaves), 0);
    if bound > 0 then
        perform extend(size, last, books, pages, leaves, now);
        size := size + bound;
        perform pg_notify('journal', size::text);
    end if;
end
$$;

-- Writes positions from `size` on and chains them.
create function record.extend(size bigint, last bytea, books text[], pages bigint[], leaves bytea[], now pg_snapshot) returns void
language plpgsql set search_path = record, pg_catalog
as $$
declare
    links bytea[] := '{}';
    leaf bytea;
begin
    foreach leaf in array leaves loop
        last := sha256(last || leaf);
        links := links || last;
    end loop;
    insert into journal (position, book, page, leaf, link)
    select extend.size + n - 1, f.b, f.g, f.l, f.k from unnest(books, pages, leaves, links) with ordinality f (b, g, l, k, n);
    update binder set size = extend.size + cardinality(leaves), seen = now, link = last;
end
$$;

-- Proves by page numbers that every committed page is bound, and binds what is not (after a restore into another
-- cluster the old snapshot means nothing). Run when a process begins to bind.
create function record.rebind() returns bigint
language plpgsql security definer set search_path = record, pg_catalog
as $$
declare
    now pg_snapshot;
    size bigint;
    last bytea;
    books text[]; pages bigint[]; leaves bytea[];
begin
    perform pg_advisory_xact_lock(hashtext('branchbook.binder'));
    select b.size, b.link into size, last from binder b;
    with recursive every_book (book) as (
        select min(p.book) from page p
        union all
        select (select min(p.book) from page p where p.book > b.book) from every_book b where b.book is not null
    )
    select array_agg(f.book), array_agg(f.page), array_agg(f.leaf), pg_current_snapshot() into books, pages, leaves, now
    from (
        select p.book, p.page, p.leaf
        from every_book b
        join page p on p.book = b.book and p.page > coalesce((select max(j.page) from journal j where j.book = b.book), 0)
        order by p.call, p.ordinal
    ) f;
    perform extend(size, last, coalesce(books, '{}'), coalesce(pages, '{}'), coalesce(leaves, '{}'), now);
    size := size + coalesce(cardinality(leaves), 0);
    perform pg_notify('journal', size::text);
    return size;
end
$$;
