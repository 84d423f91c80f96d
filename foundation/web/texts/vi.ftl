# Lời chung của mọi trang: khung trang, biểu mẫu, lỗi. Tiếng Việt là bản gốc.

# Khung trang
skip = Tới nội dung chính
home = Trang chủ
desk = Bàn làm việc
menu = Mục lục
nav-main = Điều hướng chính
crumbs = Đường dẫn
beside = Thông tin bên cạnh
sign-in = Đăng nhập
sign-out = Đăng xuất
light-dark = Nền tối
light-light = Nền sáng
light-auto = Nền theo thiết bị
hotline-line = Tổng đài { $hotline }, ngày đêm
demo = Đây là bản trình diễn: người và phản ánh đều là giả định, không ai xử lý những gì gửi ở đây.
demo-label = Bản trình diễn
to-home = Về trang chủ
to-desk = Về bàn làm việc
call = Gọi { $number }

# Biểu mẫu
optional = (không bắt buộc)
mistakes =
    { $n ->
       *[other] Có { $n } chỗ cần sửa
    }
too-long = Dài { $count } ký tự, tối đa { $most }. Anh/chị vui lòng rút gọn.
too-many-pictures = Tối đa { $most } ảnh. Những ảnh sau đã được bỏ ra.
pictures-busy = Lúc này có quá nhiều ảnh gửi đến nên ảnh của anh/chị chưa nhận được; mọi điều đã viết vẫn còn. Anh/chị gửi ngay không có ảnh, hoặc chọn lại ảnh sau một phút.
pictures-forgotten = Ảnh gửi lần trước đã quá thời gian giữ nên không còn nữa. Anh/chị vui lòng chọn lại ảnh.
photo = Ảnh { $n }
photo-leave-out = Bỏ ảnh { $n }
photo-ready = Ảnh đã được thu nhỏ, sẵn sàng gửi.
photo-drop = Bỏ ảnh
draft-restored = Đây là bản anh/chị gõ dở lần trước, trình duyệt này còn giữ. Anh/chị xem lại rồi gửi.
draft-sending = Đang gửi…
draft-waiting = Chưa gửi được. Trình duyệt sẽ tự gửi lại sau {"{s}"} giây; anh/chị cứ để trang này mở.
draft-offline = Đang không có mạng. Những gì đã gõ vẫn còn đây và sẽ được gửi khi có mạng lại, chỉ một lần.
filter = Lọc
pager = Các trang của danh sách
newest = Mới nhất
older = Cũ hơn
first-page = Trang đầu
next-page = Trang sau
danger = Nguy hiểm, hãy gọi ngay

# Khi không thành
nothing-here = Trang này không có, hoặc không dành cho anh/chị. Nếu anh/chị tra mã phản ánh, vui lòng xem lại từng chữ và số.
fault = Có lỗi ở phía chúng tôi. Lỗi đã được ghi lại. Anh/chị vui lòng thử lại sau ít phút; nếu việc gấp, xin gọi tổng đài.
busy = Lúc này đang có rất nhiều người cùng dùng. Anh/chị vui lòng thử lại sau ít giây. Những gì đã gõ vẫn còn khi anh/chị bấm quay lại.
no-room = Hệ thống tạm thời chưa nhận thêm được. Anh/chị vui lòng thử lại sau một phút, hoặc gọi tổng đài.
changed-meanwhile = Có người vừa thay đổi việc này. Anh/chị vui lòng tải lại trang để xem rồi làm tiếp.
unreadable = Máy chủ không đọc được những gì trình duyệt gửi đến. Anh/chị vui lòng quay lại và thử một lần nữa.
address-unreadable = Có chỗ trong địa chỉ này không đọc được, có thể đường dẫn đã bị cắt hoặc sửa khi gửi đi. Anh/chị vui lòng kiểm tra lại địa chỉ, hoặc bắt đầu từ trang chủ.
too-large = Nội dung gửi lên quá lớn. Anh/chị vui lòng gửi ít ảnh hơn hoặc ảnh nhỏ hơn.
too-many-fields = Nội dung gửi lên có quá nhiều phần.
too-often = Từ kết nối này vừa có quá nhiều yêu cầu. Anh/chị vui lòng đợi một phút rồi thử lại.
form-is-old = Biểu mẫu này không còn hiệu lực, hoặc trình duyệt đang chặn cookie. Anh/chị vui lòng bấm quay lại, tải lại trang rồi gửi lần nữa.
other-site = Yêu cầu này đến từ một trang web khác nên không được nhận.
only-forms = Trang này chỉ nhận biểu mẫu gửi từ chính các trang của thành phố.
only-json = Địa chỉ này chỉ nhận dữ liệu JSON (application/json).
key-missing = Thiếu tiêu đề Idempotency-Key: từ 8 đến 64 chữ cái, chữ số, dấu gạch nối hoặc gạch dưới, mỗi lần gửi một khóa riêng.
json-does-not-fit = Nội dung chưa đúng: { $why }
wrong-method = Trang này không nhận cách gọi đó.
reference-number = Số tham chiếu:
title-not-found = Không tìm thấy trang
title-not-accepted = Chưa nhận được
title-busy = Đang quá tải
title-fault = Có lỗi ở phía chúng tôi
title-refused = Chưa thực hiện được
