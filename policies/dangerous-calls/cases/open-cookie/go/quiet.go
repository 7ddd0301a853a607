package answer

func answer(w http.ResponseWriter) {
	http.SetCookie(w, &http.Cookie{
		Name:     "session",
		HttpOnly: true,
	})
	use(&Dial{Secure: false})
}
