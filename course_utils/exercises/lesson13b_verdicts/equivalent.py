"""Changes of right answers that are right as well, and why: `course mutate` makes them, and finds that they pass."""

EQUIVALENT = {
    "tiny_net": {
        "c = 1 → c = *": "where the search begins does not matter below the width that fits",
        "width = 1 → width = *": "where the search begins does not matter below the width that fits",
        "while contest.macs(*) <= budget_macs: → while contest.macs(*) < budget_macs:": "a network that stays below the budget is within it too",
        "while contest.macs(net(c + 1)) <= budget_macs: → while contest.macs(net(c + 2)) <= budget_macs:": "one width less spends more than 0.7 of the budget as well",
    }
}
