"""The training data: recordings of people, synthetic voices, and the tables of features made of them."""
