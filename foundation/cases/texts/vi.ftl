# Những câu từ chối chung của mọi vụ việc.
conflict = Người khác vừa cập nhật vụ việc này trước anh/chị. Mở lại trang để xem thay đổi rồi làm tiếp.
closed = Vụ việc đã kết thúc nên không làm được việc này.
still-open = Vụ việc chưa kết thúc nên không làm được việc này.
no-ground = Cần ghi lý do.
no-such = Không tìm thấy mục này trong vụ việc. Mở lại trang rồi thử lại.
not-now = Lúc này chưa làm được việc đó. Mở lại trang để xem vụ việc đang ở bước nào.
same-person = Người soạn không được tự duyệt hoặc ký văn bản của mình. Việc này cần một người khác.
no-calendar = Chưa có lịch làm việc để tính hạn. Cần bổ sung trong gói thành phố.
fault = Hệ thống gặp lỗi, chưa ghi nhận được. Nhờ anh/chị thử lại.
