-- Third wall: even the owner cannot change what is recorded.
create function record.refuse() returns trigger language plpgsql as $$
begin
    raise exception 'the record is never changed: % on %', tg_op, tg_table_name using errcode = 'BB002';
end
$$;
create trigger page_is_final before update or delete or truncate on record.page for each statement execute function record.refuse();
create trigger journal_is_final before update or delete or truncate on record.journal for each statement execute function record.refuse();
create trigger command_is_final before update or delete or truncate on record.command for each statement execute function record.refuse();
