-- what the matcher says now replaces what it said before; what a person said stays
DELETE FROM link_candidates WHERE decision = 'review' AND $is_run;
