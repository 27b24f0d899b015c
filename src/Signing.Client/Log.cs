using Microsoft.Extensions.Logging;

namespace Signing.Client;

// Never a secret, a token, a signature, a signature base, a path (but that of a token endpoint that is not there) or a query.
// The sentence about a mismatch alone quotes a little of the value that differs, and nothing of a field that carries a token.
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Debug, "Signed a {Method} request to {Host} with key {KeyId}, sending {Sending} of at most {MaxSendings}.")]
    public static partial void Signed(this ILogger logger, string method, string host, string keyId, int sending, int maxSendings);

    [LoggerMessage(2, LogLevel.Warning, "The clock of {Host} is {Seconds} s ahead of ours (negative: behind). Requests to it are dated by its clock from now on; set the clock of this machine.")]
    public static partial void LearntClockOffset(this ILogger logger, string host, double seconds);

    [LoggerMessage(3, LogLevel.Information, "{Host} asks for more components to be covered: {Components}. They are from now on.")]
    public static partial void LearntComponents(this ILogger logger, string host, string components);

    [LoggerMessage(4, LogLevel.Information, "{Host} has just started and accepts signatures made later. Signing again in {Wait}.")]
    public static partial void WaitsForReplayFloor(this ILogger logger, string host, TimeSpan wait);

    [LoggerMessage(5, LogLevel.Warning, "A covered header of a request to {Host} was rewritten after it was signed, as reading HttpRequestMessage.Headers does. Signing again; let handlers and listeners behind the signer read Headers.NonValidated.")]
    public static partial void FieldWasRewritten(this ILogger logger, string host);

    [LoggerMessage(6, LogLevel.Error, "The reloaded signing options are invalid. Requests are still signed with the last valid ones and key {KeyId}.")]
    public static partial void ReloadRefused(this ILogger logger, string keyId, Exception exception);

    [LoggerMessage(7, LogLevel.Information, "{KeyId} has a new access token by {Origin}, for {Lifetime}.")]
    public static partial void Acquired(this ILogger logger, string keyId, TokenOrigin origin, TimeSpan lifetime);

    [LoggerMessage(8, LogLevel.Warning, "{KeyId} has no new access token: {Problem} The next attempt is made in {Wait} at the earliest.")]
    public static partial void NotAcquired(this ILogger logger, string keyId, string problem, TimeSpan wait, Exception? exception);

    [LoggerMessage(9, LogLevel.Error, "{KeyId} gets no access token: {Problem}")]
    public static partial void RefusedForGood(this ILogger logger, string keyId, string problem);

    [LoggerMessage(10, LogLevel.Debug, "Sending a {Method} request to {Host} once more: the access token of {KeyId} was refused and replaced.")]
    public static partial void Replays(this ILogger logger, string method, string host, string keyId);

    [LoggerMessage(11, LogLevel.Information, "The access token of {KeyId} is forgotten and revoked.")]
    public static partial void Revoked(this ILogger logger, string keyId);

    [LoggerMessage(12, LogLevel.Warning, "An access token of {KeyId} that came while it was being revoked is forgotten, but the server has not confirmed: {Problem}")]
    public static partial void RevokingFailed(this ILogger logger, string keyId, string problem);

    [LoggerMessage(13, LogLevel.Warning, "The token store failed or was too slow for {KeyId}. Tokens are kept in memory meanwhile.")]
    public static partial void StoreFailed(this ILogger logger, string keyId, Exception exception);

    [LoggerMessage(14, LogLevel.Warning, "What the token store holds for {KeyId} is not what was put there. It is left alone, and tokens are kept in memory.")]
    public static partial void StoreIsCorrupt(this ILogger logger, string keyId);

    [LoggerMessage(15, LogLevel.Error, "The reloaded token options are invalid. The last valid ones of {Client} stay in force.")]
    public static partial void TokenReloadRefused(this ILogger logger, string client, Exception exception);

    [LoggerMessage(16, LogLevel.Warning, "{Host} did not see what was signed. {Sentence}")]
    public static partial void ComponentDiffers(this ILogger logger, string host, string sentence);

    [LoggerMessage(17, LogLevel.Warning, "{Host} did not see what was signed. {Sentence} Other components that differ: {Others}.")]
    public static partial void ComponentsDiffer(this ILogger logger, string host, string sentence, int others);

    [LoggerMessage(18, LogLevel.Warning, "{Host} saw what was signed, as far as it tells, and does not know the signature: the Key is unknown there, or the Secret is not that of the Key. Compare the Secret with the one that was handed out, its last characters and line ends included.")]
    public static partial void SecretDiffers(this ILogger logger, string host);

    [LoggerMessage(19, LogLevel.Warning, "A covered header of a request to {Host} was rewritten after it was signed, as reading HttpRequestMessage.Headers does. Let handlers and listeners behind the signer read Headers.NonValidated.")]
    public static partial void FieldStaysRewritten(this ILogger logger, string host);

    [LoggerMessage(20, LogLevel.Warning, "{Host} refused a request that went without a token, because {Origin} is none of the origins that get it: {Origins}. Name it in Header.Origins if it may have the token.")]
    public static partial void SentWithoutToken(this ILogger logger, string host, string origin, string origins);

    [LoggerMessage(21, LogLevel.Information, "{Host} refused a signature that covers what it had asked for. What the options name is covered from now on, until it asks again.")]
    public static partial void ForgetsComponents(this ILogger logger, string host);

    [LoggerMessage(22, LogLevel.Information, "{Host} has had the signature of a request before: the connection, or a proxy, sent it twice, and the first answer was lost. The request is of an idempotent method, and is signed again.")]
    public static partial void AnswerWasLost(this ILogger logger, string host);
}
