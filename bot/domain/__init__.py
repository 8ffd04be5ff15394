"""Pure rules of the field: no await, no Slack, no SQL, no clock.

`now` is always an argument, an aware UTC datetime. Test a rule with a table of cases, and with hypothesis
where a property holds for every input.
"""
