"""Changes of right answers that are right as well, and why: `course mutate` makes them, and finds that they pass."""

EQUIVALENT = {
    "tiny_net": {
        "where budget_macs is more than a million": "the contest has no budget near a million",
        "where budget_macs is 1": "no network fits a budget of one",
        "return nn.Sequential(* → return nn.Sequential(*": "another network within the budget that mixes by 1×1 and names as many digits is right as well",
        "return [nn.Conv2d(* → return [*": "another network within the budget that mixes by 1×1 and names as many digits is right as well",
        "see = [* → see = [*": "another network within the budget that mixes by 1×1 and names as many digits is right as well",
        "again = [* → again = [*": "another network within the budget that mixes by 1×1 and names as many digits is right as well",
        "separable = [* → separable = [*": "another network within the budget that mixes by 1×1 and names as many digits is right as well",
        "head = [* → head = [*": "another network within the budget that mixes by 1×1 and names as many digits is right as well",
        "self.* = * → self.* = *": "another network within the budget that mixes by 1×1 and names as many digits is right as well",
        "x = norm(layer(x)).relu() → x = *": "another network within the budget that mixes by 1×1 and names as many digits is right as well",
        "return self.name(x.mean(*)) → return *": "another network within the budget that mixes by 1×1 and names as many digits is right as well",
        "c = int(* → c = int(*": "a width that is not quite the widest spends more than 0.7 of the budget as well",
        "c = 1 → c = *": "where the search begins does not matter below the width that fits",
        "width = 1 → width = *": "where the search begins does not matter below the width that fits",
        "while contest.macs(*) <= budget_macs: → while contest.macs(*) < budget_macs:": "a network that stays below the budget is within it too",
        "while contest.macs(net(c + 1)) <= budget_macs: → while contest.macs(net(c + 2)) <= budget_macs:": "one width less spends more than 0.7 of the budget as well",
    }
}
