# Words shared by all pages: frame, forms, troubles.

# The frame
skip = Skip to main content
home = Home
desk = Desk
menu = Menu
nav-main = Main navigation
crumbs = Breadcrumbs
beside = More information
sign-in = Sign in
sign-out = Sign out
light-dark = Dark
light-light = Light
light-auto = As on this device
hotline-line = Hotline { $hotline }, day and night
demo = This is a demonstration: people and reports are invented, and nobody acts on what is sent here.
demo-label = Demonstration
to-home = To the home page
to-desk = To the desk
call = Call { $number }

# Forms
optional = (optional)
mistakes =
    { $n ->
        [one] There is { $n } thing to correct
       *[other] There are { $n } things to correct
    }
too-long = This has { $count } characters, the limit is { $most }. Please shorten it.
too-many-pictures = At most { $most } photos. The later ones were left out.
pictures-busy = Too many photos are arriving, and yours could not be taken; all that you wrote is still here. You can send without photos now, or choose them again in a minute.
pictures-forgotten = The photos of an earlier try were kept for as long as we keep them, and are gone. Please choose them again.
photo = Photo { $n }
photo-leave-out = Leave out photo { $n }
photo-ready = The photos were made smaller and are ready to send.
photo-drop = Leave out
draft-restored = This is what you typed last time; this browser kept it. Please look it over and send it.
draft-sending = Sending…
draft-waiting = It was not sent yet. The browser tries again in {"{s}"} seconds; please leave this page open.
draft-offline = There is no network. What you typed is still here and will be sent when the network is back, once only.
filter = Filter
pager = Pages of the list
newest = Newest
older = Older
first-page = First page
next-page = Next page
danger = In danger, call at once

# When it does not succeed
nothing-here = This page does not exist, or is not for you. If you looked up a report code, please check each letter and digit.
fault = Something broke on our side. It was written down. Please try again in a few minutes; if it is urgent, call the hotline.
busy = Very many people are here at this moment. Please try again in a few seconds. What you typed is still there when you go back.
no-room = We cannot take in more at this moment. Please try again in a minute, or call the hotline.
changed-meanwhile = Somebody changed this in the meantime. Please load the page again, look, and go on.
unreadable = The server could not read what the browser sent. Please go back and try once more.
address-unreadable = Part of this address cannot be read. The link was probably cut or changed on its way. Please check the address, or begin at the home page.
too-large = What was sent is too large. Please send fewer or smaller photos.
too-many-fields = What was sent has too many parts.
too-often = Too many requests came from this connection. Please wait a minute and try again.
form-is-old = This form is no longer valid, or your browser blocks cookies. Please go back, load the page again and send it once more.
other-site = This request came from another website and was not accepted.
only-forms = This page takes only forms sent from our own pages.
only-json = This address takes only JSON (application/json).
key-missing = The header Idempotency-Key is missing: 8 to 64 letters, digits, hyphens or underscores, one key for each submission.
json-does-not-fit = The content does not fit: { $why }
wrong-method = This page does not take that method.
reference-number = Reference number:
title-not-found = Page not found
title-not-accepted = Not accepted
title-busy = Very busy
title-fault = Something broke on our side
title-refused = That did not work
