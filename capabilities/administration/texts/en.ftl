## People and roles
people-title = People and roles
people-nav = People and roles
people-lead = Who works here, in which unit, in which role. Each change is written down and acts at once.
people-add = Add an official
people-none = There are no officials in your scope yet.
people-name = Full name
people-sign-in = Sign-in name
people-posts = Posts
people-state = State
people-open = Active
people-one-time = Password not chosen yet
people-closed = Closed
people-no-post = None
post-line = { $role }, { $unit }
post-ended = { $role }, { $unit } (until { $day })
person-since = Added on
person-acts = What was changed
verb-added = Account added
verb-closed = Account closed
verb-opened = Account opened again
verb-post-given = Given the role { $role } in { $unit }
verb-post-ended = No longer { $role } in { $unit }
verb-password-reset = One-time password given
verb-password-changed = Changed own password
person-own-password = Your own password
person-own-password-hint = Please write it again, to confirm that it is you.
person-own-password-missing = Please write your own password to confirm
person-act-choose = Choose what to do
person-manage = Change
person-do = Do it
person-post-role = Role
person-post-unit = Unit
person-post-hint = Only needed to give one more role.
person-post-choose = Choose…
do-give = Give one more role
do-end = End the role { $role } in { $unit }
do-reset = Give a one-time password
do-close = Close the account
do-reopen = Open the account again
done = Done. It acts with this person's next click.
add-title = Add an official
add-lead = A one-time password is made, and shown once on the next page.
add-sign-in-hint = Small letters without marks, digits, dots and hyphens. For example: hoa.tran
add-button = Add
add-role-missing = Please choose a role
add-unit-missing = Please choose a unit
add-name-missing = Please write the full name
add-sign-in-missing = Please choose a sign-in name
once-title = One-time password
once-lead = Please hand this password to { $name } in private. It is shown here once, ends after { $days } days, and has to be changed at the first sign-in.
once-back = To the page of { $name }

## Outgoing mail and messages
outbox-title = Outgoing mail and messages
outbox-nav = Outbox
outbox-lead = These texts hold personal data, so each time this page is opened it is written down.
outbox-none = Nothing has been sent yet.
outbox-to = To
outbox-sms = SMS
outbox-mail = Mail
outbox-waiting = Waiting
outbox-sent = Sent
outbox-failed = Could not be sent
outbox-shown = Shown here
outbox-erased = The text has been erased

## The city's pack
pack-title = The city's pack
pack-nav = City pack
pack-lead = What the system knows about the city, as read from its pack. To change it, edit the pack and restart.
pack-version = Version
pack-areas = Wards, communes and special zones of today
pack-units = Units of today
pack-calendars = Working calendars
pack-roles = Roles
pack-places = Places
pack-calendar = Calendar
pack-covered = Holidays decided for
pack-span = { $from } to { $to }
pack-permissions = Permissions
pack-reach = Reach
pack-reach-unit = The unit
pack-reach-descendants = The unit and all below it
pack-reach-city = The whole city
pack-unit = Unit
pack-parent = Belongs to
pack-show = Show the list
pack-city = City

## Health of the house
house-title = Health of the house
house-nav = Health
house-lead = The write queue, the last commit, the seals of the journal.
house-queue = Waiting to be written
house-queue-life = Life
house-queue-duty = Duty
house-queue-comfort = Comfort
house-last-commit = Last commit
house-commit-ago = { $seconds ->
    [one] one second ago
   *[other] { $seconds } seconds ago
}
house-commit-none = None yet
house-seal = Last seal of the journal
house-seal-none = No seal yet
house-messages = Messages waiting
house-fine = All is well.
house-slow = The last commit is more than 10 seconds old: please look at the server.
house-database = Database
house-now = The server's time
house-pack = City pack

## Who looked at personal data
looks-title = Who looked at personal data
looks-nav = Log of looks
looks-lead = Each time an official opens a resident's personal data, a line is written here.
looks-none = Nobody has looked yet.
looks-when = When
looks-who = Official
looks-case = Case
looks-purpose = Purpose
looks-find = Filter by case code
purpose-outbox = Read outgoing mail and messages
