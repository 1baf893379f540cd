-- What stands for an agent on a wall that shows no names; null: initials.
alter table agents add column nickname text;
