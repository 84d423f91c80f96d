# Why a picture was not taken, and what to do instead.
empty = Tệp ảnh trống. Anh/chị vui lòng chọn lại ảnh.
heic = Ảnh ở định dạng HEIC chưa đọc được. Anh/chị chọn lại ảnh ngay từ thư viện trong trình duyệt để điện thoại tự đổi sang JPEG, hoặc vào Cài đặt › Camera › Định dạng, chọn “Tương thích nhất”.
svg = Tệp SVG là hình vẽ, không phải ảnh chụp. Anh/chị vui lòng gửi ảnh JPEG, PNG hoặc WebP.
gif = Ảnh động GIF chưa được nhận. Anh/chị vui lòng gửi ảnh JPEG, PNG hoặc WebP.
not-a-picture = Tệp này không phải là ảnh. Anh/chị vui lòng gửi ảnh JPEG, PNG hoặc WebP.
too-many-pixels = Ảnh quá lớn (trên 40 triệu điểm ảnh). Anh/chị vui lòng thu nhỏ ảnh rồi gửi lại.
too-many-bytes = Tệp ảnh quá nặng (trên 20 MB). Anh/chị vui lòng thu nhỏ ảnh rồi gửi lại.
truncated = Ảnh chưa được tải lên trọn vẹn. Anh/chị vui lòng gửi lại ảnh này.
broken = Ảnh bị lỗi, không đọc được. Anh/chị vui lòng chụp hoặc chọn ảnh khác.
too-hard = Không xử lý được ảnh này. Anh/chị vui lòng chụp hoặc chọn ảnh khác.
busy = Đang có nhiều ảnh chờ xử lý. Anh/chị vui lòng gửi lại sau ít phút.
