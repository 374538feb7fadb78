from dependency_injector import providers

from application.oauth.authorization import Authorization
from application.oauth.clients import Clients
from application.oauth.code_exchange import CodeExchange
from application.oauth.housekeeping import oauth_jobs
from application.oauth.issuing import TokenIssuer
from application.oauth.refreshing import Refreshing
from bootstrap import factories
from bootstrap.container.accounts import AccountServices
from bootstrap.container.infrastructure import Infrastructure, rate_limit


class OAuthServices(AccountServices):
    public_documents = providers.Singleton(factories.public_documents)
    client_documents = providers.Singleton(factories.client_documents, public_documents)
    client_assertions = providers.Singleton(factories.client_assertions, public_documents, Infrastructure.clock)
    oauth_clients = providers.Singleton(
        Clients,
        clients=Infrastructure.client_repository,
        documents=client_documents.provider,
        assertions=client_assertions.provider,
        transaction=Infrastructure.database,
        limiter=rate_limit(Infrastructure.settings.provided.client_limit, "clients"),
        clock=Infrastructure.clock,
        new_id=Infrastructure.new_id,
    )
    authorization = providers.Singleton(
        Authorization,
        clients=oauth_clients,
        client_repository=Infrastructure.client_repository,
        codes=Infrastructure.code_repository,
        sessions=Infrastructure.session_repository,
        transaction=Infrastructure.database,
        clock=Infrastructure.clock,
        new_id=Infrastructure.new_id,
        key=Infrastructure.settings.provided.better_auth_secret,
    )
    token_issuer = providers.Singleton(
        TokenIssuer, AccountServices.oauth_tokens, Infrastructure.settings.provided.better_auth_secret
    )
    code_exchange = providers.Singleton(
        CodeExchange,
        codes=Infrastructure.code_repository,
        connections=Infrastructure.connection_repository,
        transaction=Infrastructure.database,
        issuer=token_issuer,
        revocations=AccountServices.connection_revocations,
        clock=Infrastructure.clock,
    )
    refreshing = providers.Singleton(
        Refreshing,
        connections=Infrastructure.connection_repository,
        clients=Infrastructure.client_repository,
        transaction=Infrastructure.database,
        tokens=AccountServices.oauth_tokens,
        issuer=token_issuer,
        revocations=AccountServices.connection_revocations,
        clock=Infrastructure.clock,
    )
    own_address = providers.Singleton(factories.own_address, Infrastructure.settings)
    token_limits = rate_limit(Infrastructure.settings.provided.oauth_limit, "oauth")
    oauth_jobs = providers.Singleton(oauth_jobs, oauth_clients, AccountServices.connections)
