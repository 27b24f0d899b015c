namespace Signing.Client;

internal enum TokenOrigin
{
    Login = 0,
    Refresh,
    Store,
}
