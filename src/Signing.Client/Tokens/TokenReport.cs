namespace Signing.Client;

/// <summary>Tells operators how an acquisition ended.</summary>
internal static class TokenReport
{
    public static void Write(TokenEnvironment environment, TokenIdentity identity, FlightEnd end)
    {
        ClientTelemetry.CountAcquisition(end.Origin, end.Reply);
        if (end.Token is { } token)
        {
            environment.Log.Acquired(identity.Key, end.Origin, token.Lifetime);
        }
        else if (end.Failure!.Reply.IsPermanent)
        {
            environment.Log.RefusedForGood(identity.Key, end.Failure.Reply.Problem);
        }
        else
        {
            environment.Log.NotAcquired(identity.Key, end.Failure.Reply.Problem, end.Failure.RemainingAt(environment.Now), end.Failure.Reply.Cause);
        }
    }
}
