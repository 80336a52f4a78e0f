-- Appends many commands in one transaction, each judged on its own. All arrays: see events/store/clerk.py.
-- The caller puts no two commands into one call of which one depends on the other (same key, claim, or a stream that
-- one reads and the other writes); this is checked again here, because the order inside a call must not matter.
create function record.append(
    c_book text[], c_key text[], c_fingerprint bytea[], c_at bigint[],
    x_cmd int[], x_book text[], x_stream text[], x_page bigint[],
    k_cmd int[], k_kind text[], k_value text[], k_book text[], k_give boolean[],
    e_cmd int[], e_book text[], e_stream text[], e_type text[], e_id uuid[], e_on date[], e_record bytea[]
) returns table (cmd int, verdict text, detail text, book text, page bigint, event_id uuid, type text, leaf bytea)
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
    o_page bigint[] := '{}'; o_leaf bytea[] := '{}'; o_entry bytea[] := '{}';
    o_ord int[] := '{}'; o_time bigint[] := '{}';
    h_book text[] := '{}'; h_page bigint[] := '{}'; h_leaf bytea[] := '{}'; h_time bigint[] := '{}';
begin
    -- 1. Lock the books, in the order of their names.
    select array_agg(b order by b) into all_books from (select distinct unnest(c_book || e_book) as b) s;
    if (select count(*) from book where book = any (all_books)) < cardinality(all_books) then
        insert into book (book, leaf)
        select b, sha256(convert_to('branchbook/v1' || chr(10) || b, 'UTF8')) from unnest(all_books) b order by b
        on conflict do nothing;
    end if;
    perform 1 from book where book = any (all_books) order by book for no key update;

    -- 2. Keys that were used before: tell the old receipt again, or refuse another body.
    for r in
        select c.n::int as n, d.fingerprint = c_fingerprint[c.n] as same, d.books, d.pages
        from unnest(c_book, c_key) with ordinality as c (b, k, n) join command d on d.book = c.b and d.key = c.k
    loop
        refused := refused || r.n;
        if not r.same then
            return query select r.n, 'reused', null::text, null::text, null::bigint, null::uuid, null::text, null::bytea;
        else
            return query select r.n, 'replayed', null::text, null::text, null::bigint, null::uuid, null::text, null::bytea;
            return query
                select r.n, 'event', null::text, p.book, p.page, p.event_id, p.type, p.leaf
                from unnest(r.books, r.pages) with ordinality as w (b, g, o) join page p on p.book = w.b and p.page = w.g
                order by w.o;
        end if;
    end loop;

    -- 3. Streams that grew since they were read.
    if cardinality(x_cmd) > 0 then
        if exists (
            select 1 from unnest(x_cmd, x_book, x_stream) x (c, b, s) join unnest(e_cmd, e_book, e_stream) e (c, b, s)
            on x.b = e.b and x.s = e.s and e.c <> x.c where not e.c = any (refused)
        ) then
            raise exception 'two commands of one call depend on each other' using errcode = 'BB001';
        end if;
        for r in
            select x.c, min(x.s) as s
            from unnest(x_cmd, x_book, x_stream, x_page) x (c, b, s, g)
            where not x.c = any (refused)
            and exists (select 1 from page p where p.book = x.b and p.stream = x.s and p.page > x.g)
            group by x.c
        loop
            refused := refused || r.c;
            return query select r.c, 'conflict', r.s, null::text, null::bigint, null::uuid, null::text, null::bytea;
        end loop;
    end if;

    -- 4. Claims: one lock for each value, so that looking is enough; then give back and take.
    if cardinality(k_cmd) > 0 then
        perform pg_advisory_xact_lock(h) from (
            select distinct hashtextextended(k || chr(0) || v, 0) as h from unnest(k_kind, k_value) u (k, v) order by h
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
            return query select r.c, 'claimed', r.what, null::text, null::bigint, null::uuid, null::text, null::bytea;
        end loop;
        delete from claim c using unnest(k_cmd, k_kind, k_value, k_book, k_give) k (c, kind, value, b, give)
        where k.give and not k.c = any (refused) and c.kind = k.kind and c.value = k.value and c.book = k.b;
        insert into claim (kind, value, book)
        select k.kind, k.value, k.b from unnest(k_cmd, k_kind, k_value, k_book, k_give) k (c, kind, value, b, give)
        where not k.give and not k.c = any (refused);
    end if;

    -- 5. Number the pages and chain the hashes, book by book. The number of the call is drawn under the locks, so that
    --    it follows real time: whoever was acknowledged before this call began has a smaller one.
    this_call := nextval('call');
    for r in
        select e.b, e.rec, e.n::int as n, c_at[e.c] as at
        from unnest(e_cmd, e_book, e_record) with ordinality as e (c, b, rec, n)
        where not e.c = any (refused) order by e.b collate "C", e.n
    loop
        if r.b <> at_book then
            if at_book <> '' then
                h_book := h_book || at_book; h_page := h_page || at_page; h_leaf := h_leaf || at_leaf; h_time := h_time || at_time;
            end if;
            at_book := r.b;
            select head, leaf, recorded_at into at_page, at_leaf, at_time from book where book = at_book;
        end if;
        at_page := at_page + 1;
        at_time := greatest(r.at, at_time + 1);
        entry := convert_to('{"at":' || at_time || ',"book":"' || at_book || '","page":' || at_page
            || ',"prev":"' || encode(at_leaf, 'hex') || '","record":', 'UTF8') || r.rec || '\x7d'::bytea;
        at_leaf := sha256('\x00'::bytea || entry);
        o_ord := o_ord || r.n; o_page := o_page || at_page; o_time := o_time || at_time;
        o_leaf := o_leaf || at_leaf; o_entry := o_entry || entry;
    end loop;

    -- 6. Write: pages, heads, and what each key recorded.
    if at_book <> '' then
        h_book := h_book || at_book; h_page := h_page || at_page; h_leaf := h_leaf || at_leaf; h_time := h_time || at_time;
        insert into page (book, page, stream, type, event_id, occurred_on, recorded_at, xid, call, ordinal, leaf, entry)
        select e_book[o.n], o.page, e_stream[o.n], e_type[o.n], e_id[o.n], e_on[o.n], o.at, pg_current_xact_id(), this_call, o.n, o.leaf, o.entry
        from unnest(o_ord, o_page, o_time, o_leaf, o_entry) o (n, page, at, leaf, entry);
        update book b set head = h.page, leaf = h.leaf, recorded_at = h.at
        from unnest(h_book, h_page, h_leaf, h_time) h (book, page, leaf, at) where b.book = h.book;
    end if;
    insert into command (book, key, fingerprint, books, pages)
    select c_book[c.n], c_key[c.n], c_fingerprint[c.n], coalesce(w.books, '{}'), coalesce(w.pages, '{}')
    from generate_subscripts(c_key, 1) as c (n) left join (
        select e_cmd[o.n] as n, array_agg(e_book[o.n] order by o.n) as books, array_agg(o.page order by o.n) as pages
        from unnest(o_ord, o_page) o (n, page) group by e_cmd[o.n]
    ) w on w.n = c.n where not c.n = any (refused);

    -- 7. Tell what was written; a command of which nothing is said was recorded.
    return query
        select e_cmd[o.n], 'event', null::text, e_book[o.n], o.page, e_id[o.n], e_type[o.n], o.leaf
        from unnest(o_ord, o_page, o_leaf) o (n, page, leaf) order by o.n;
end
$$;
