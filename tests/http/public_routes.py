"""The routes that need no sign-in."""

PUBLIC_ROUTES = {
    ("GET", "/health"),
    ("GET", "/health/live"),
    ("GET", "/health/ready"),
    ("POST", "/api/auth/signup"),
    ("POST", "/api/auth/register"),
    ("POST", "/api/auth/signin"),
    ("POST", "/api/auth/login"),
    ("POST", "/api/auth/forgot-password"),
    ("POST", "/api/auth/reset-password"),
    ("POST", "/api/auth/refresh"),
    ("POST", "/api/auth/confirm-email"),
    ("GET", "/api/push/key"),
    ("POST", "/api/reminders/act"),
    ("POST", "/api/mail/unsubscribe"),
}
