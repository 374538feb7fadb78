from tests.unit.oauth.oauth_world import world

__all__ = ["world"]
