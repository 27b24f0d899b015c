namespace Signing.Client;

/// <summary>Turns redirects off for a handler before its first request: until then its inner handler may be exchanged, and afterwards it cannot be.</summary>
internal sealed class RedirectStop
{
    private bool _isDone;

    public void Before(HttpMessageHandler? innerHandler)
    {
        if (!_isDone)
        {
            Transport.DoNotFollowRedirects(innerHandler);
            _isDone = true;
        }
    }
}
