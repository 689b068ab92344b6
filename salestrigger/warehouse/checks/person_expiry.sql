-- a person's name has the day it expires on
SELECT event_id, attribute FROM event_attributes
WHERE attribute IN ('person', 'previous_person') AND expires_on IS NULL
UNION ALL
SELECT change_id, field FROM org_changes WHERE field = 'roles' AND expires_on IS NULL;
