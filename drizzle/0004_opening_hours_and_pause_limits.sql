-- Null: never closed. Else [{"days": [1, 2], "opens": "08:00", "closes": "18:00"}, …]; ISO weekdays, the tenant's zone.
alter table queues add column opening_hours jsonb;
-- [{"reason": "Lunch", "minutes": 30}, …]; reason null: any that is not named.
alter table settings add column pause_limits jsonb not null default '[]';
