wrong-sign-in = The sign-in name or the password is not right. Please check both and try again; if you have forgotten the password, ask your unit's administrator for a new one.
wait = There were too many attempts that were not right. Please try again in { $minutes ->
    [one] one minute
   *[other] { $minutes } minutes
}.
busy = Many people are signing in at this moment. Please try again in a few seconds.
wrong-password = The present password is not right.
password-too-short = The new password needs at least { $count } characters. A short sentence that you remember easily is a good password.
password-too-long = The new password can have { $count } characters at most.
password-easy = This password is easy to guess: please use neither your name, nor keys in a row, nor a word that everybody uses.
password-unchanged = The new password has to differ from the present one.
sign-in-shape = A sign-in name has 3 to 40 characters: small letters without marks, digits, dots and hyphens.
sign-in-taken = Somebody already uses this sign-in name.
name-missing = Please write the full name.
unknown-role = The city has no such role.
unknown-unit = The city has no such unit.
beyond-you = This role reaches further than what you manage.
last-administrator = This cannot be done: nobody would be left who can manage accounts.
not-found = There is no such official.
changed = Somebody has just changed this. Please load the page again and repeat what you did.
fault = Something went wrong on our side and nothing was done. We are sorry; please try again in a few minutes.
