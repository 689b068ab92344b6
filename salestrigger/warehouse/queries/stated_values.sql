-- every value that was ever stated of an attribute
SELECT DISTINCT value ->> '$' AS value FROM facts WHERE attribute = $attribute AND value IS NOT NULL ORDER BY 1;
