-- Appends many commands in one transaction, each judged on its own. All arrays: see events/store/clerk.py.
-- Events come in the order of their books. The caller puts no two commands into one call of which one depends on the
-- other (same key, same claim, or a stream that one reads and the other writes); the streams are checked again here,
-- because the order inside a call must not matter.
-- Answers a row for each event written, in order (verdict null), and one for each command that was not recorded.
create function record.append(
    c_book text[], c_key text[], c_fingerprint bytea[], c_at bigint[], c_events int[],
    x_cmd int[], x_book text[], x_stream text[], x_page bigint[],
    k_cmd int[], k_kind text[], k_value text[], k_book text[], k_give boolean[],
    e_cmd int[], e_book text[], e_stream text[], e_type text[], e_id uuid[], e_on date[], e_at bigint[], e_record bytea[]
) returns table (cmd int, verdict text, detail text, page bigint, leaf bytea)
language plpgsql security definer set search_path = record, pg_catalog
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
#variable_conflict use_column
declare
    all_books text[];
    refused int[] := '{}';
    this_call bigint;
    r record;
    at_book text := '';
    at_page bigint;
    at_time bigint;
    at_leaf bytea;
    entry bytea;
    o_page bigint[] := '{}'; o_time bigint[] := '{}'; o_leaf bytea[] := '{}'; o_entry bytea[] := '{}';
    h_book text[] := '{}'; h_page bigint[] := '{}'; h_leaf bytea[] := '{}'; h_time bigint[] := '{}';
begin
    -- 1. Lock the books, in the order of their names; a book begins with its first lock.
    select array_agg(b order by b) into all_books from (select distinct unnest(c_book || e_book) collate "C" as b) s;
    perform 1 from book where book = any (all_books) order by book for no key update;
    get diagnostics at_page = row_count;
    if at_page < cardinality(all_books) then
        insert into book (book, leaf)
        select b, sha256(convert_to('branchbook/v1' || chr(10) || b, 'UTF8')) from unnest(all_books) b order by b
        on conflict do nothing;
        perform 1 from book where book = any (all_books) order by book for no key update;
    end if;

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
        select e.c, e.b, e.at, e.rec, h.head, h.leaf, h.recorded_at
        from unnest(e_cmd, e_book, e_at, e_record) with ordinality as e (c, b, at, rec, n) join book h on h.book = e.b order by e.n
    loop
        if r.c = any (refused) then
            o_page := o_page || null::bigint; o_time := o_time || null::bigint;
            o_leaf := o_leaf || null::bytea; o_entry := o_entry || null::bytea;
            continue;
        end if;
        if r.b <> at_book then
            if at_book <> '' then
                h_book := h_book || at_book; h_page := h_page || at_page; h_leaf := h_leaf || at_leaf; h_time := h_time || at_time;
            end if;
            if r.b collate "C" < at_book collate "C" then
                raise exception 'events must come in the order of their books' using errcode = 'BB001';
            end if;
            at_book := r.b;
            at_page := r.head; at_leaf := r.leaf; at_time := r.recorded_at;
        end if;
        at_page := at_page + 1;
        at_time := greatest(r.at, at_time + 1);
        entry := convert_to(format('{"at":%s,"book":"%s","page":%s,"prev":"%s","record":',
            at_time, at_book, at_page, encode(at_leaf, 'hex')), 'UTF8') || r.rec || '\x7d'::bytea;
        at_leaf := sha256('\x00'::bytea || entry);
        o_page := o_page || at_page; o_time := o_time || at_time; o_leaf := o_leaf || at_leaf; o_entry := o_entry || entry;
    end loop;

    -- 6. Write: pages, heads, and what each key recorded.
    if at_book <> '' then
        h_book := h_book || at_book; h_page := h_page || at_page; h_leaf := h_leaf || at_leaf; h_time := h_time || at_time;
        insert into page (book, page, stream, type, event_id, occurred_on, recorded_at, xid, cmd, call, ordinal, leaf, entry)
        select o.b, o.page, o.s, o.t, o.id, o.d, o.at, pg_current_xact_id(), o.c, this_call, o.n, o.leaf, o.entry
        from unnest(e_cmd, e_book, e_stream, e_type, e_id, e_on, o_page, o_time, o_leaf, o_entry)
            with ordinality as o (c, b, s, t, id, d, page, at, leaf, entry, n)
        where o.page is not null;
        update book b set head = h.page, leaf = h.leaf, recorded_at = h.at
        from unnest(h_book, h_page, h_leaf, h_time) h (book, page, leaf, at) where b.book = h.book;
    end if;
    insert into command (book, key, fingerprint, xid, cmd, events)
    select c.b, c.k, c.f, pg_current_xact_id(), c.n, c.e
    from unnest(c_book, c_key, c_fingerprint, c_events) with ordinality as c (b, k, f, e, n) where not c.n = any (refused);

    -- 7. Tell what was written.
    return query select o.c, null::text, null::text, o.page, o.leaf from unnest(e_cmd, o_page, o_leaf) o (c, page, leaf) where o.page is not null;
end
$$;
