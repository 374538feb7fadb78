from datetime import timedelta

from dependency_injector import providers

from adapters.auth.email_validation import EmailValidation
from adapters.auth.jose_tokens import JoseTokens
from adapters.auth.oauth_tokens import JoseOAuthTokens
from application.accounts.access_revocation import AccessRevocation
from application.accounts.accounts import Accounts
from application.accounts.api_tokens import ApiTokens
from application.accounts.authentication import AccessTokenAuthenticator, Authenticator
from application.accounts.calendars import Calendars
from application.accounts.emails import Emails
from application.accounts.erasure import Erasure
from application.accounts.passwords import Passwords
from application.accounts.provisioning import JustInTimeProvisioning
from application.accounts.revocations import Revocations
from application.accounts.sessions import Sessions
from application.accounts.throttling import ADDRESSES_PER_ACCOUNT, Throttle
from application.accounts.token_authentication import ApiTokenAuthenticator
from application.oauth.authentication import ConnectionAuthenticator
from application.oauth.connections import Connections
from bootstrap import factories
from bootstrap.container.infrastructure import Infrastructure, rate_limit
from domain.oauth.connections import ACCESS_LIFETIME


class AccountServices(Infrastructure):
    passwords = providers.Singleton(factories.passwords)
    token_lifetime = providers.Callable(
        lambda settings: timedelta(minutes=settings.access_token_minutes), Infrastructure.settings
    )
    refresh_lifetime = providers.Callable(
        lambda settings: timedelta(days=settings.refresh_token_days), Infrastructure.settings
    )
    tokens = providers.Singleton(
        JoseTokens, Infrastructure.settings.provided.better_auth_secret, token_lifetime, Infrastructure.clock
    )
    revocations = providers.Singleton(
        Revocations, Infrastructure.session_repository, Infrastructure.wakeups, Infrastructure.clock, token_lifetime
    )
    foreign_tokens = providers.Singleton(factories.foreign_tokens, Infrastructure.settings, Infrastructure.clock)
    throttle = providers.Singleton(
        Throttle,
        sign_in=rate_limit(Infrastructure.settings.provided.signin_limit, "signin"),
        sign_up=rate_limit(Infrastructure.settings.provided.signup_limit, "signup"),
        reset=rate_limit(Infrastructure.settings.provided.reset_limit, "reset"),
        account=rate_limit(Infrastructure.settings.provided.signin_limit, "account", ADDRESSES_PER_ACCOUNT),
    )
    addresses = providers.Singleton(EmailValidation)
    calendars = providers.Singleton(Calendars, Infrastructure.account_repository, Infrastructure.clock)
    sessions = providers.Singleton(
        Sessions,
        sessions=Infrastructure.session_repository,
        accounts=Infrastructure.account_repository,
        transaction=Infrastructure.database,
        tokens=tokens,
        revocations=revocations,
        clock=Infrastructure.clock,
        new_id=Infrastructure.new_id,
        key=Infrastructure.settings.provided.better_auth_secret,
        lifetime=refresh_lifetime,
    )
    api_tokens = providers.Singleton(
        ApiTokens,
        Infrastructure.api_token_repository,
        Infrastructure.session_repository,
        Infrastructure.database,
        Infrastructure.clock,
        Infrastructure.new_id,
        Infrastructure.settings.provided.quotas,
    )
    connection_revocations = providers.Singleton(
        Revocations,
        Infrastructure.connection_repository,
        Infrastructure.wakeups,
        Infrastructure.clock,
        ACCESS_LIFETIME,
    )
    connections = providers.Singleton(
        Connections,
        connections=Infrastructure.connection_repository,
        codes=Infrastructure.code_repository,
        transaction=Infrastructure.database,
        revocations=connection_revocations,
        clock=Infrastructure.clock,
        kept=providers.Callable(lambda settings: timedelta(days=settings.event_days), Infrastructure.settings),
    )
    accounts = providers.Singleton(
        Accounts,
        accounts=Infrastructure.account_repository,
        transaction=Infrastructure.database,
        passwords=passwords,
        sessions=sessions,
        throttle=throttle,
        addresses=addresses,
        clock=Infrastructure.clock,
        new_id=Infrastructure.new_id,
        calendars=calendars,
        rings=Infrastructure.rings,
        reminder_settings=Infrastructure.reminder_settings,
        wakeups=Infrastructure.wakeups,
    )
    api_token_authenticator = providers.Singleton(
        ApiTokenAuthenticator, Infrastructure.api_token_repository, Infrastructure.clock, Infrastructure.background
    )
    access = providers.Singleton(
        AccessRevocation,
        sessions,
        Infrastructure.api_token_repository,
        Infrastructure.webhook_repository,
        connections,
        Infrastructure.push_subscriptions,
        Infrastructure.clock,
        api_token_authenticator.provided.forget,
    )
    password_use_cases = providers.Singleton(
        Passwords,
        accounts=Infrastructure.account_repository,
        transaction=Infrastructure.database,
        passwords=passwords,
        access=access,
        throttle=throttle,
        addresses=addresses,
        mailer=Infrastructure.mailer,
        clock=Infrastructure.clock,
        reset_page=providers.Callable(
            lambda settings: f"{settings.frontend_url}/reset-password", Infrastructure.settings
        ),
    )
    oauth_tokens = providers.Singleton(
        JoseOAuthTokens, Infrastructure.settings.provided.better_auth_secret, Infrastructure.clock
    )
    emails = providers.Singleton(
        Emails,
        accounts=Infrastructure.account_repository,
        transaction=Infrastructure.database,
        passwords=passwords,
        throttle=throttle,
        addresses=addresses,
        mailer=Infrastructure.mailer,
        clock=Infrastructure.clock,
        confirm_page=providers.Callable(
            lambda settings: f"{settings.frontend_url}/confirm-email", Infrastructure.settings
        ),
    )
    authenticator = providers.Singleton(
        Authenticator,
        api_token_authenticator,
        providers.Singleton(
            ConnectionAuthenticator,
            oauth_tokens,
            Infrastructure.connection_repository,
            connection_revocations,
            Infrastructure.clock,
            Infrastructure.background,
        ),
        providers.Singleton(JustInTimeProvisioning, foreign_tokens, accounts.provided.provision),
        providers.Singleton(AccessTokenAuthenticator, tokens, revocations),
    )
    erasure = providers.Singleton(
        Erasure,
        Infrastructure.account_repository,
        Infrastructure.database,
        passwords,
        throttle,
        sessions,
        connections,
        Infrastructure.clock,
    )
