# How due dates are worded: a deadline, what is left of it, and the one sentence that says why something is due when it is due.

# A deadline, and what is left of it
working-days =
    { $n ->
        [one] { $n } working day
       *[other] { $n } working days
    }
calendar-days =
    { $n ->
        [one] { $n } calendar day
       *[other] { $n } calendar days
    }
months =
    { $n ->
        [one] { $n } month
       *[other] { $n } months
    }
working-hours =
    { $hours ->
        [one] { $hours } working hour
       *[other] { $hours } working hours
    }
working-minutes =
    { $minutes ->
        [one] { $minutes } working minute
       *[other] { $minutes } working minutes
    }
working-hours-minutes =
    { $hours ->
        [one] { $hours } working hour
       *[other] { $hours } working hours
    } { $minutes ->
        [one] { $minutes } minute
       *[other] { $minutes } minutes
    }
hours =
    { $hours ->
        [one] { $hours } hour
       *[other] { $hours } hours
    }
minutes =
    { $minutes ->
        [one] { $minutes } minute
       *[other] { $minutes } minutes
    }
hours-minutes =
    { $hours ->
        [one] { $hours } hour
       *[other] { $hours } hours
    } { $minutes ->
        [one] { $minutes } minute
       *[other] { $minutes } minutes
    }
same-day-before = the same day if received before { $cutoff }
if-verified = { $base }, plus { $extra } if it has to be verified
set-by-official = by the date that the official sets
nothing-left = no time left

# Why it is due then: `counted` is one of the texts below, `days` those that follow them
due = Due { $at }: { $counted }{ $days }.
end-of-day = at the end of { $day }
left = { $budget } left
received = received
resumed = resumed
counted-hours = { $budget }, counted from when it was { $came } at { $moment }
counted-hours-late = { $budget }, counted from opening at { $runs } ({ $came } at { $moment }, outside working hours)
counted-same-day = the same day, because it was { $came } at { $moment }, before { $cutoff }
counted-same-day-late = the same day, taken as the next working day because it was { $came } at { $moment }, { $late }
counted-days = { $budget }, counted from the day after it was { $came } on { $begins }
counted-days-late = { $budget }, counted from the day after it began on { $begins } ({ $came } at { $moment }, { $late })
counted-nothing = no time was left when it was paused, resumed at { $moment }
after-close = after the close of business
after-cutoff = after { $cutoff }
on-day-off = on a day off
outside-hours = outside working hours

# Which days were left out
days-worked = ; counting { $days }
days-left-out = ; not counting { $days }
begins-after = ; it begins after { $days }
moved-on = ; the last day { $end } is a day off, so it moves to the next working day, past { $days }
weekend = weekend
weekly-rest = weekly rest
weekly-rest-days = { $days } days of weekly rest

# When nothing can be counted
text-has-no-clock = This deadline is in words and cannot be counted. Please set the date and give the reason.
beyond-calendar = The working calendar does not reach these days, so no due time can be counted. The calendar of that year is missing.
