from adapters.mail.mailers import MAX_UNDER_WAY, LoggedMailer, SmtpMailer
from adapters.mail.smtp_server import SmtpServer

__all__ = ["MAX_UNDER_WAY", "LoggedMailer", "SmtpMailer", "SmtpServer"]
