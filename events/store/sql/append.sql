-- Appends many commands in one transaction, each judged on its own. All arrays: see events/store/clerk.py.
-- Events come in the order of their books. The caller puts no two commands into one call of which one depends on the
-- other (same key, same claim, or a stream that one reads and the other writes); the streams are checked again here,
-- because the order inside a call must not matter.
-- Answers a row for each event written, in order (verdict null), and one for each command that was not recorded.
create function record.append(
    c_book text[], c_key text[], c_fingerprint bytea[], c_at bigint[], c_events int[],
    x_cmd int[], x_book text[], x_stream text[], x_page bigint[],
    k_cmd int[], k_kind text[], k_value text[], k_book text[], k_give boolean[],
    e_cmd int[], e_book text[], e_stream text[], e_type text[], e_id uuid[], e_on date[], e_record bytea[]
) returns table (cmd int, verdict text, detail text, page bigint, leaf bytea)
language plpgsql security definer set search_path = record, pg_catalog
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
#variable_conflict use_column
declare
    refused int[] := '{}';
    this_call bigint;
    r record;
    at_book text := '';
    at_page bigint;
    at_time bigint;
    at_leaf bytea;
    entry bytea;
    pages page[] := '{}';
begin
    -- 1. Lock the books, in one order for all callers.
    perform pg_advisory_xact_lock(h) from (select distinct hashtextextended(b, 0) as h from unnest(c_book || e_book) b order by h) s;

    -- 2. Keys that were used before, with the same body or another.
    for r in
        select c.n::int as n, d.fingerprint = c.f as same
        from unnest(c_book, c_key, c_fingerprint) with ordinality as c (b, k, f, n) join command d on d.book = c.b and d.key = c.k
    loop
        refused := refused || r.n;
        return query select r.n, case when r.same then 'replayed' else 'reused' end, null::text, null::bigint, null::bytea;
    end loop;

    -- 3. Streams that grew since they were read.
    if cardinality(x_cmd) > 0 then
        if cardinality(c_key) > 1 and exists (
            select 1 from (
                select c, b, s, false as writes from unnest(x_cmd, x_book, x_stream) x (c, b, s)
                union all select c, b, s, true from unnest(e_cmd, e_book, e_stream) e (c, b, s)
            ) t group by b, s having min(c) <> max(c) and bool_or(writes) and not bool_and(writes)
        ) then
            raise exception 'two commands of one call depend on each other' using errcode = 'BB001';
        end if;
        for r in
            select x.c, min(x.s) as s
            from unnest(x_cmd, x_book, x_stream, x_page) x (c, b, s, g)
            where exists (select 1 from page p where p.book = x.b and p.stream = x.s and p.page > x.g)
            group by x.c
        loop
            if not r.c = any (refused) then
                refused := refused || r.c;
                return query select r.c, 'conflict', r.s, null::bigint, null::bytea;
            end if;
        end loop;
    end if;

    -- 4. Claims: one lock for each value, so that looking is enough; then give back and take.
    if cardinality(k_cmd) > 0 then
        perform pg_advisory_xact_lock(h) from (
            select distinct hashtextextended(k || chr(10) || v, 0) as h from unnest(k_kind, k_value) u (k, v) order by h
        ) s;
        for r in
            select k.c, min(k.kind || ' ' || k.value) as what
            from unnest(k_cmd, k_kind, k_value, k_give) k (c, kind, value, give)
            join claim held on held.kind = k.kind and held.value = k.value
            where not k.give and not k.c = any (refused) and not exists (
                select 1 from unnest(k_cmd, k_kind, k_value, k_book, k_give) g (c, kind, value, b, give)
                where g.give and g.c = k.c and g.kind = held.kind and g.value = held.value and g.b = held.book
            )
            group by k.c
        loop
            refused := refused || r.c;
            return query select r.c, 'claimed', r.what, null::bigint, null::bytea;
        end loop;
        delete from claim c using unnest(k_cmd, k_kind, k_value, k_book, k_give) k (c, kind, value, b, give)
        where k.give and not k.c = any (refused) and c.kind = k.kind and c.value = k.value and c.book = k.b;
        insert into claim (kind, value, book)
        select k.kind, k.value, k.b from unnest(k_cmd, k_kind, k_value, k_book, k_give) k (c, kind, value, b, give)
        where not k.give and not k.c = any (refused);
    end if;

    -- 5. Number the pages and chain the hashes. The number of the call is drawn under the locks, so that it follows real
    --    time: whoever was acknowledged before this call began has a smaller one.
    this_call := nextval('call');
    for r in
        select e.*, h.page, h.leaf, h.recorded_at
        from unnest(e_cmd, e_book, e_stream, e_type, e_id, e_on, e_record) with ordinality e (cmd, book, stream, type, id, day, record, n)
        left join lateral (select p.page, p.leaf, p.recorded_at from page p where p.book = e.book order by p.page desc limit 1) h on true
        where e.cmd <> all (refused)
    loop
        if r.book <> at_book then
            if r.book collate "C" < at_book collate "C" then
                raise exception 'events must come in the order of their books' using errcode = 'BB001';
            end if;
            at_book := r.book; at_page := r.page; at_leaf := r.leaf; at_time := r.recorded_at;
            if at_page is null then
                if at_book !~ '^[A-Za-z0-9-]{1,40}$' then
                    raise exception 'not the name of a book: %', at_book using errcode = 'check_violation';
                end if;
                at_page := 0; at_time := 0; at_leaf := sha256(convert_to('branchbook/v1' || chr(10) || at_book, 'UTF8'));
            end if;
        end if;
        at_page := at_page + 1;
        at_time := greatest(c_at[r.cmd], at_time + 1);
        entry := convert_to(format('{"at":%s,"book":"%s","page":%s,"prev":"%s","record":',
            at_time, at_book, at_page, encode(at_leaf, 'hex')), 'UTF8') || r.record || '\x7d'::bytea;
        at_leaf := sha256('\x00'::bytea || entry);
        pages := pages || (at_book, at_page, r.stream, r.type, r.id, r.day, at_time, pg_current_xact_id(), r.cmd, this_call, r.n, at_leaf, entry)::page;
    end loop;

    -- 6. Write the pages, and what each key recorded.
    insert into page select * from unnest(pages);
    insert into command (book, key, fingerprint, xid, cmd, events)
    select c.b, c.k, c.f, pg_current_xact_id(), c.n, c.e
    from unnest(c_book, c_key, c_fingerprint, c_events) with ordinality as c (b, k, f, e, n) where not c.n = any (refused);

    -- 7. Tell what was written.
    return query select p.cmd, null::text, null::text, p.page, p.leaf from unnest(pages) p;
end
$$;
