# Why a picture was not taken, and what to do instead.
empty = The picture file is empty. Please choose the picture again.
heic = HEIC pictures cannot be read here. Choose the picture again from the photo library in the browser, so that the phone converts it to JPEG, or set Settings › Camera › Formats to “Most Compatible”.
svg = An SVG file is a drawing, not a photo. Please send a JPEG, PNG or WebP picture.
gif = Animated GIF pictures are not taken. Please send a JPEG, PNG or WebP picture.
not-a-picture = This file is not a picture. Please send a JPEG, PNG or WebP picture.
too-many-pixels = The picture is too large (over 40 million pixels). Please make it smaller and send it again.
too-many-bytes = The picture file is too big (over 20 MB). Please make it smaller and send it again.
truncated = The picture did not arrive whole. Please send it again.
broken = The picture is damaged and cannot be read. Please take or choose another one.
too-hard = This picture could not be processed. Please take or choose another one.
busy = Many pictures are waiting. Please send it again in a few minutes.
