using Microsoft.Extensions.Logging;

namespace Signing.Client;

// Never a secret, a signature, a signature base, a path or a query.
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Debug, "Signed a {Method} request to {Host} with key {KeyId}, sending {Sending} of at most {MaxSendings}.")]
    public static partial void Signed(this ILogger logger, string method, string host, string keyId, int sending, int maxSendings);

    [LoggerMessage(2, LogLevel.Warning, "The clock of {Host} is {Offset} ahead of ours (negative: behind). Requests to it are dated by its clock from now on; set the clock of this machine.")]
    public static partial void LearntClockOffset(this ILogger logger, string host, TimeSpan offset);

    [LoggerMessage(3, LogLevel.Information, "{Host} asks for more components to be covered: {Components}. They are from now on.")]
    public static partial void LearntComponents(this ILogger logger, string host, string components);

    [LoggerMessage(4, LogLevel.Information, "{Host} has just started and accepts signatures made later. Signing again in {Wait}.")]
    public static partial void WaitsForReplayFloor(this ILogger logger, string host, TimeSpan wait);

    [LoggerMessage(5, LogLevel.Warning, "A covered header of a request to {Host} was rewritten after it was signed, as reading HttpRequestMessage.Headers does. Signing again; let handlers and listeners behind the signer read Headers.NonValidated.")]
    public static partial void FieldWasRewritten(this ILogger logger, string host);

    [LoggerMessage(6, LogLevel.Error, "The reloaded signing options are invalid. Requests are still signed with the last valid ones and key {KeyId}.")]
    public static partial void ReloadRefused(this ILogger logger, string keyId, Exception exception);
}
