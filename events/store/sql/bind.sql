-- Binds every page that has become visible since the last time. One caller at a time; any process may call.
-- A page is new when its transaction is not visible in the snapshot of the last binding, so no page is ever skipped,
-- however late its transaction commits, and no long transaction elsewhere makes anyone wait.
create function record.bind(out size bigint, out bound bigint)
language plpgsql security definer set search_path = record, pg_catalog
set plan_cache_mode = force_custom_plan set enable_seqscan = off
as $$
declare
    before pg_snapshot;
begin
    bound := 0;
    if not pg_try_advisory_xact_lock(hashtext('branchbook.binder')) then
        select b.size into size from binder b;
        return;
    end if;
    select b.size, b.seen into size, before from binder b;
    with fresh as (
        select p.book, p.page, p.leaf, row_number() over (order by p.call, p.ordinal) as n
        from page p where p.xid >= pg_snapshot_xmin(before) and not pg_visible_in_snapshot(p.xid, before)
    ), ins as (
        insert into journal (position, book, page, leaf)
        select bind.size + n - 1, fresh.book, fresh.page, fresh.leaf from fresh
        returning 1
    )
    update binder b set size = b.size + (select count(*) from ins), seen = pg_current_snapshot()
    where exists (select 1 from fresh) returning b.size - bind.size into bound;
    bound := coalesce(bound, 0);
    if bound > 0 then
        size := size + bound;
        perform pg_notify('journal', size::text);
    end if;
end
$$;

-- Proves by page numbers that every committed page is bound, and binds what is not (after a restore into another
-- cluster the old snapshot means nothing). Run when a process begins to bind.
create function record.rebind() returns bigint
language plpgsql security definer set search_path = record, pg_catalog
as $$
declare
    found bigint;
begin
    perform pg_advisory_xact_lock(hashtext('branchbook.binder'));
    with missing as (
        select p.book, p.page, p.leaf, row_number() over (order by p.call, p.ordinal) as n
        from (select b.book, b.head, coalesce((select max(j.page) from journal j where j.book = b.book), 0) as upto from book b) h
        join page p on p.book = h.book and p.page > h.upto
    ), ins as (
        insert into journal (position, book, page, leaf)
        select b.size + n - 1, m.book, m.page, m.leaf from missing m, binder b returning 1
    )
    update binder b set size = b.size + (select count(*) from ins), seen = pg_current_snapshot();
    select size into found from binder;
    perform pg_notify('journal', found::text);
    return found;
end
$$;
