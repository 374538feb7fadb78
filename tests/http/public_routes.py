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
}
