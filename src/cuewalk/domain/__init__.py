"""The words of the product as types: movements, programmes, ratings, verdicts, buckets, rules, errors."""
