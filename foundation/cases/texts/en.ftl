# The refusals that all cases share.
conflict = Somebody else changed this case just before you. Please reload the page to see the change, then go on.
closed = The case is closed, so this cannot be done.
still-open = The case is still open, so this cannot be done.
no-ground = Please give the reason.
no-such = This is not part of the case. Please reload the page and try again.
not-now = This cannot be done now. Please reload the page to see where the case stands.
same-person = Nobody approves or signs their own draft. This needs another person.
no-calendar = There is no working calendar to count the due time by. It has to be added to the city pack.
fault = Something went wrong and nothing was recorded. Please try again.
