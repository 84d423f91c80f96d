# Words on the report pages. Vietnamese is the source; this file follows it key by key.

## Sending a report
report-title = Report a problem
report-lead = Tell us what is wrong in the city. Four short parts, about two minutes, no sign-in.
report-emergency-title = In danger, call now
report-emergency-note = If somebody is hurt or in danger, call first and report afterwards.
report-step-what = What is happening?
report-step-where = Where?
report-step-photos = A photo helps
report-step-contact = How may we answer you?
report-optional = optional
report-category = Kind of problem
report-category-more = Other matters in this field
report-category-missing = Choose the kind that is nearest to what you see
report-category-emergency = This may be dangerous. If it is dangerous now, call:
report-text = Tell us a little more
report-text-hint = Since when, and whom does it affect? Please leave out identity numbers and other people's private details.
report-text-missing = Tell us what happened in a few words
report-text-short = Tell us a little more, at least { $least } letters
report-text-long = The text is longer than { $most } letters, please shorten it
report-address = Address or a place that people know
report-address-hint = For example: opposite 24 Lê Lợi, beside the market. With or without tone marks.
report-address-find = Find on the map
report-address-long = The address is longer than { $most } letters
report-address-found = Which place do you mean?
report-address-none = We could not find this place. Tap the map, or choose the ward and send anyway: we read exactly what you wrote.
report-here = My position
report-here-failed = Your device does not tell its position. Tap the map or write the address.
report-map = Map: tap the place where it happens
report-map-hint = Tap the map to set the point. The map is a sketch; a point may be off by a few dozen meters.
report-map-in = Zoom in
report-map-out = Zoom out
report-map-north = Move north
report-map-south = Move south
report-map-east = Move east
report-map-west = Move west
report-map-none = No point chosen on the map.
report-map-set = The point is set on the map.
report-map-clear = Remove this point
report-ward = Ward or commune
report-ward-hint = Our guess is by the nearest ward office. Please choose another if it is not right.
report-ward-none = Not sure, please find out for me
report-ward-confirm = Is it in { $ward }? If so, press send once more.
report-place-missing = Give an address, or tap the map
report-outside = This place is about { $km } km outside { $city }, so we cannot take it. Please turn to the authorities there, or check the point on the map.
report-photos-hint = Up to { $most } photos as JPEG, PNG or WebP. Hidden details (position, camera) are removed. A photo becomes public only after an official has looked at it.
report-photos-add = Add photos
report-photos-kept = Photos received
report-photos-remove = Remove this photo
report-photos-many = At most { $most } photos can be sent
report-photo-alt = Photo { $n } sent with the report
report-contact-lead = Leave one way to reach you and we tell you when there is an answer. Or leave none: then we keep nothing about the sender.
report-contact-lead-required = This can only be handled if we can reach you, so please leave a telephone number or an e-mail address.
report-contact-required = This kind of report needs a telephone number or an e-mail address
report-name = Full name
report-name-long = The name is longer than { $most } letters
report-phone = Telephone number
report-phone-wrong = This telephone number is not right. For example: 0905 123 456 or 0236 3 123 456
report-email = E-mail
report-email-wrong = This e-mail address is not right. For example: name@example.com
report-private-note = Name and contact are encrypted; only the official in charge can open them, and each look is recorded. They are never public.
report-send = Send the report
report-sending = Sending…
report-send-failed = The network is slow and the report was not sent. Your text is still here and will be sent again by itself.
report-draft-kept = Your unfinished text is kept on this device.
report-draft-clear = Delete the unfinished text
report-after = After you send
report-after-now = At once
report-after-now-text = You get a code and a private link.
report-after-soon = Next
report-after-soon-text = The unit in charge takes it on, with a due date that is explained.
report-after-done = In the end
report-after-done-text = The answer is published; whoever left a contact is told.

## Received
sent-title = Report received
sent-lead = Thank you. The code of this report is:
sent-link = Your private link
sent-link-note = Whoever has this link can read the report and add to it. Keep it, and do not pass it on.
sent-open = Open the private link
sent-holder = Received by
sent-due = Answer due
sent-next = You can see how it goes at any time with the code.
sent-another = Send another report

## Following
follow-title = Report { $code }
follow-find = Follow a report
follow-find-lead = Enter the code that you got when you sent it. Lost the code? Call { $hotline }.
follow-code = Code
follow-code-hint = For example: { $example }
follow-open = Show
follow-code-wrong = No report has this code. Please check each digit.
follow-state = State
follow-holder = With
follow-due = Answer due
follow-due-why = Why this date
follow-received = Received
follow-category = Kind
follow-area = Ward or commune
follow-place = Place
follow-text = What was reported
follow-not-public = The text becomes public only after an official has read it, so that nobody's private details are shown.
follow-answer = The city's answer
follow-answered-by = Answered by { $unit } at { $at }
follow-timeline = What has happened
follow-photos = Photos
follow-next-received = The unit in charge will look at it and begin.
follow-next-in-progress = The unit is working on it and will answer before the due date.
follow-next-overdue = The answer is overdue, and the city apologizes. The unit in charge still owes it; to ask about it, call { $hotline }.
follow-next-answered = It is answered. If the answer is not enough, call { $hotline }.
follow-next-archived = The report was archived and not passed on. The sender can read why, and add to it, through the private link.
follow-archived-why = Reason
link-title = Your report
link-public-note = This page is yours alone. The page that anybody can see:
link-add = Add a word
link-add-word = Your words to the unit in charge
link-add-hint = Has something changed, or is something missing? The official in charge will read it.
link-add-send = Send
link-added = Your words were sent to the unit in charge.
link-word-missing = You have not written anything
link-word-long = The text is longer than { $most } letters
link-words = What you added
link-full = You have added many words already. To say more, please call { $hotline }.

## Steps, for everybody
event-received = Received, given to { $unit }
event-forwarded = Forwarded to { $unit }
event-taken = { $unit } has begun
event-drafted = An answer is being written
event-approved = The answer is approved
event-answered = Answered
event-published = Published
event-archived = Archived, not passed on
event-reopened = Reopened
event-word = The reporter added a word
event-overdue = Answer overdue
event-overdue-first = First response overdue
event-overdue-step = Step overdue
event-extended = Extended
event-imported = Brought in from an earlier system
event-other = Updated

## State
state-received = Received
state-in-progress = In progress
state-answered = Answered
state-archived = Archived
state-overdue = Overdue
due-none = No due date yet
due-left = { $span } left
due-late = { $span } overdue
span-days = { $n ->
    [one] { $n } day
   *[other] { $n } days
}
span-hours = { $n ->
    [one] { $n } hour
   *[other] { $n } hours
}
span-minutes = { $n ->
    [one] { $n } minute
   *[other] { $n } minutes
}

## Public list
list-title = Published reports
list-lead = What residents have reported and the city has answered or is working on.
list-search = Search the text
list-search-hint = With or without tone marks
list-category = Kind
list-area = Ward or commune
list-state = State
list-all = All
list-filter = Filter
list-clear = Remove filters
list-count = { $n ->
    [one] { $n } report on this page
   *[other] { $n } reports on this page
}
list-none = No report matches
list-none-hint = Try fewer filters, or fewer words.
list-empty = No report has been published yet
list-empty-hint = Reports appear here after an official has read and published them.
list-next = Older
list-first = Back to the newest

## Desk
queue-title = Queue
queue-lead = Open work of your units, the nearest due date first.
queue-views = Views
queue-code = Code
queue-matter = Matter
queue-state = State
queue-due = Due
queue-holder = With
queue-field = Field
queue-count = { $n ->
    [one] { $n } item
   *[other] { $n } items
}
queue-count-over = more than { $n } items
queue-count-more = The first { $n }, more on the next page
queue-held = Somebody took it
queue-held-by-you = You
queue-held-by-none = Nobody yet
queue-none = No open work
queue-none-hint = New reports for your units will appear here, the nearest due date first.
queue-all = All
queue-overdue = Overdue
queue-overdue-lead = Open work past its due date, the longest overdue first.
queue-overdue-none = Nothing is overdue
queue-overdue-none-hint = What is not done when its time is up will appear here.
queue-soon = Due soon
queue-soon-lead = Open work that runs out within 24 hours, the nearest due date first.
queue-soon-none = Nothing runs out within 24 hours
queue-soon-none-hint = What is not done appears here when less than 24 hours are left.
queue-untaken = Not taken
queue-untaken-lead = Work that reached your units and that nobody took yet, the nearest due date first.
queue-untaken-none = Everything has been taken
queue-untaken-none-hint = New reports stay here until somebody takes them on.
queue-mine = Mine
queue-mine-lead = Work that you hold, the nearest due date first.
queue-mine-none = You hold nothing yet
queue-mine-none-hint = Open a report and take it on: it stays here until it is done.
queue-narrowed-none = Nothing matches
queue-narrowed-none-hint = Try another ward or field, or clear the filter.
queue-see-all = See all open work
queue-searched = Looked through the next { $n } items. Use “Next page” to look further.
queue-find = Report code, for example { $example }
queue-find-none = There is no report with this code in your units. Please check each digit.
queue-next = Next page
queue-first = Back to the start
work-title = { $code }
work-reporter = Reporter
work-reporter-none = Left no contact
work-reporter-hidden = Left a contact
work-contact-open = Show the contact
work-contact-why = Each look is recorded with your name and its purpose.
work-contact-purpose = Purpose
work-contact-purpose-hint = For example: to ask for the exact place
work-contact-purpose-missing = Write why you need the contact
work-channel = Channel
work-how = How the place was found
work-how-confirmed = ward confirmed by the sender
work-how-nearest = guessed by the nearest office
work-how-none = place unknown
work-how-border = near the border, please check
work-how-imported = from an earlier system
work-clocks = Due dates
work-clock-legal = Answer
work-clock-first-response = First response
work-clock-step = Step
work-clock-met = met at { $at }
work-clock-breached = missed
work-steps = Chain of steps
work-step-open = held since { $at }
work-step-done = done at { $at }
work-words = Added words
work-history = Journal
work-nothing = This report is closed.
work-closed = The report is closed, so this can no longer be done.
work-changed = Somebody has just changed this report. The page shows the new state; please look again and go on.
forward-title = Forward
forward-to = Forward to
forward-to-missing = Choose the unit
forward-to-same = This unit already has it
forward-due = Due for that unit
forward-due-hint = For example 25/11/2026. Left empty, the term of the category applies.
forward-due-wrong = This is not a day. For example 25/11/2026
forward-due-past = The due day must be after today
forward-due-beyond = This is later than the report's own due date ({ $due })
forward-due-beyond-short = This is later than the report's own due date
forward-note = Note for that unit
forward-send = Forward
forward-done = { $code } was forwarded to { $unit }.
answer-title = Answer
answer-text = Answer
answer-hint = Write as you would speak to a resident: what was done, when, where; if not done, why not and when it will be.
answer-missing = There is no answer yet
answer-short = The answer needs at least { $least } letters
answer-long = The answer is longer than { $most } letters
answer-save = Save the draft
answer-saved = The draft answer to { $code } is saved.
answer-preview = Look before publishing
answer-draft-by = Draft by { $name }, { $at }
take-do = Take it on
take-done = { $code } is yours.
publish-title = Publish { $code }
publish-lead = Below is exactly what everybody will read. Untick what should not be public.
publish-text = What was reported
publish-text-as = The words that everybody will read
publish-text-hint = Remove names, telephone numbers, number plates and other people's home addresses before publishing.
publish-show-text = Publish the text of the report
publish-photo = Publish photo { $n }
publish-photos-none = This report has no photos.
publish-answer = Answer
publish-do = Answer and publish
publish-done = { $code } is answered and published.
publish-done-messaged = { $code } is answered and published. The reporter is told.
publish-no-answer = An answer is needed before publishing
publish-confidential = This kind is kept confidential: only the holder of the private link can read the answer.
publish-do-private = Answer privately
archive-title = Archive without passing on
archive-reason = Reason, which the reporter will read
archive-reason-hint = For example: not enough to verify; a matter for the court.
archive-reason-missing = Write the reason
archive-do = Archive the report
archive-done = { $code } is archived and not passed on. The reporter can read why.

## Refusals
refusal-outside = This place is outside the city
refusal-category = There is no such kind of report
refusal-not-with-you = This report is no longer with your unit
refusal-closed = The report is closed
refusal-changed = Somebody has just changed this report. Please look again and go on.
refusal-key-used = Another report was already sent from this form, with the code { $code }. To report something new, please open the form again.
refusal-busy = The system is very busy. Please wait a minute and send again; your text is still here.
refusal-photo-kind = This photo could not be read. We take JPEG, PNG and WebP; for HEIC please send a screenshot.
refusal-photo-large = This photo is too large. Each may have { $mb } MB and 40 million pixels.
channel-web = through the web page
channel-api = through the API
channel-import = from an earlier system
channel-demo = demonstration data
api-key-missing = The header Idempotency-Key is missing: 8 to 64 letters, digits, hyphens or underscores, one key for each report.
api-point-wrong = lat and long go together, lat from -90 to 90, long from -180 to 180.
kind-ward = Wards
kind-commune = Communes
kind-township = Townships
kind-special-zone = Special zones

## For other parts of the system
kind-name = Report
kind-about = Tell us what is broken, dirty or unsafe, and follow it until it is answered.
nav-report = Report a problem
nav-reports = Reports
nav-follow = Follow
nav-queue = Queue
look-contact = Looked at the reporter's contact
event-received-plain = Received
event-forwarded-plain = Forwarded
event-taken-plain = Taken on
event-answered-published = Answered and published
forward-group-bodies = Departments and companies
forward-group-committees = Ward and commune committees
publish-show-address = Publish the address and the point on the map
publish-back = Back to the answer
