# What is wrong with a telephone number or a mail address that somebody typed.
empty = Anh/chị chưa nhập thông tin này.
not-a-phone = Số điện thoại chưa đúng. Ví dụ: 0905 123 456; số cố định thì ghi cả mã vùng.
old-mobile = Đầu số 11 chữ số đã đổi sang 10 chữ số từ năm 2018. Anh/chị vui lòng nhập số mới.
foreign = Hiện chỉ nhắn tin được đến số điện thoại Việt Nam.
not-a-mail = Địa chỉ thư điện tử chưa đúng. Ví dụ: ten@example.com.
