## Sign in
sign-in-title = Sign in
sign-in-lead = For the city's officials. Residents report and follow without an account.
sign-in-name = Sign-in name
sign-in-password = Password
sign-in-button = Sign in
sign-in-forgotten = Forgotten the password? Please ask your unit's administrator for a one-time password.
sign-in-name-missing = Please write your sign-in name
sign-in-password-missing = Please write your password
sign-in-demo = A demonstration: people and reports are invented. Choose a person to fill in the name; the password of all of them is
sign-in-welcome = Welcome, { $name }.
signed-out = You have signed out.

## My page
me-title = My account
me-nav = My account
me-posts = Posts
me-no-post = You hold no post yet, so the working pages do not open. Please ask your administrator.
me-role = Role
me-unit = Unit
me-since = Since
me-sign-in = Sign-in name
me-sessions = Open sessions
me-sessions-lead = If you see a device that is not yours, end its session and change your password at once.
me-device = Device
me-device-unknown = Unknown
me-opened = Signed in
me-seen = Last used
me-this = this session
me-end = End session
me-ended = The session has ended.
me-ended-already = The session had ended before.
me-idle = A session ends by itself after { $minutes } minutes without use.
me-password = Change password
me-looks = Personal data I looked at
me-looks-lead = Each time a resident's contact is opened, it is written down.
me-looks-none = You have not looked at any yet.
me-looks-when = When
me-looks-case = Case
me-looks-purpose = Purpose

## Change password
password-title = Change password
password-lead = All your other sessions end with the change.
password-first = You are using a one-time password. Please choose your own to begin working.
password-old = Present password
password-new = New password
password-new-hint = At least { $count } characters. A short sentence that you remember easily is a good password.
password-again = The new password once more
password-missing = Please write a password
password-differs = The two are not the same
password-button = Change password
password-changed = The password is changed. Your other sessions have ended.
