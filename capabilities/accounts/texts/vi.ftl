## Đăng nhập
sign-in-title = Đăng nhập
sign-in-lead = Dành cho cán bộ của thành phố. Người dân gửi và theo dõi phản ánh không cần tài khoản.
sign-in-name = Tên đăng nhập
sign-in-password = Mật khẩu
sign-in-button = Đăng nhập
sign-in-forgotten = Quên mật khẩu? Đề nghị quản trị viên của đơn vị cấp mật khẩu dùng một lần.
sign-in-name-missing = Cần nhập tên đăng nhập
sign-in-password-missing = Cần nhập mật khẩu
sign-in-demo = Bản dùng thử: người và việc đều là giả định. Chọn một người để điền sẵn tên; mật khẩu chung của mọi người là
sign-in-welcome = Xin chào { $name }.
signed-out = Anh/chị đã đăng xuất.

## Trang của tôi
me-title = Tài khoản của tôi
me-nav = Tài khoản của tôi
me-posts = Vị trí công tác
me-no-post = Anh/chị chưa được giao vị trí nào nên chưa mở được trang nghiệp vụ. Đề nghị liên hệ quản trị viên.
me-role = Vai trò
me-unit = Đơn vị
me-since = Từ ngày
me-sign-in = Tên đăng nhập
me-sessions = Các phiên đang mở
me-sessions-lead = Thấy thiết bị lạ, anh/chị kết thúc phiên đó rồi đổi mật khẩu ngay.
me-device = Thiết bị
me-device-unknown = Không rõ
me-opened = Đăng nhập lúc
me-seen = Hoạt động gần nhất
me-this = phiên này
me-end = Kết thúc phiên
me-ended = Đã kết thúc phiên.
me-ended-already = Phiên này đã kết thúc trước đó.
me-idle = Phiên tự kết thúc sau { $minutes } phút không thao tác.
me-password = Đổi mật khẩu
me-looks = Dữ liệu cá nhân tôi đã xem
me-looks-lead = Mỗi lần mở thông tin liên hệ của người dân đều được ghi lại.
me-looks-none = Chưa có lần xem nào.
me-looks-when = Lúc
me-looks-case = Hồ sơ
me-looks-purpose = Mục đích

## Đổi mật khẩu
password-title = Đổi mật khẩu
password-lead = Sau khi đổi, mọi phiên khác của anh/chị đều kết thúc.
password-first = Anh/chị đang dùng mật khẩu một lần. Mời đặt mật khẩu của riêng mình để bắt đầu làm việc.
password-old = Mật khẩu hiện tại
password-new = Mật khẩu mới
password-new-hint = Ít nhất { $count } ký tự. Một câu ngắn dễ nhớ là mật khẩu tốt.
password-again = Nhập lại mật khẩu mới
password-missing = Cần nhập mật khẩu
password-differs = Hai lần nhập chưa giống nhau
password-button = Đổi mật khẩu
password-changed = Đã đổi mật khẩu. Các phiên khác đã kết thúc.
