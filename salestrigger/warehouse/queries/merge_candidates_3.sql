INSERT INTO link_candidates (record_id, organization_id, probability, decision, evidence, decided_at, run_id)
SELECT s.record_id, s.organization_id, s.probability, s.decision, s.evidence, $at, $run_id FROM staged_candidates AS s
WHERE (s.record_id, s.organization_id) NOT IN (SELECT (record_id, organization_id) FROM link_candidates);
