# What is wrong with a telephone number or a mail address that somebody typed.
empty = Nothing was entered here.
not-a-phone = This is not a telephone number. For example: 0905 123 456; a landline needs its area code.
old-mobile = Mobile numbers of 11 digits were replaced by 10 digits in 2018. Please enter the new number.
foreign = Messages can only be sent to telephone numbers of Vietnam.
not-a-mail = This is not a mail address. For example: name@example.com.
