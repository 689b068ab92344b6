SELECT record_id, listed_as, organization_id, may_be, country, city, probability, evidence FROM link_review
ORDER BY probability DESC, record_id;
