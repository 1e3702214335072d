"""The solvers: the best pairs, and the prices that prove it, of people who are only numbers.

They know no programme and no criteria: they are given what each pair is worth and how many
partners everyone takes. `objectives` is the front door. Behind it

- `transport` solves pairs with capacities: `shortlist` finds promising pairs, `bidding` and
  `paths` solve these, and what is found is held against all pairs; `resolving` does it again
  after a small change,
- `one_pool` solves pairs within one pool likewise, with `blossom` and its search,
- `ruled` solves pairs under rules: `filling` what must be filled, and where teams have a least
  size, `relaxing` with `programming` and `seating` who is to have one.

`compiling` turns their loops into machine code where numba is installed.
"""
