namespace Signing.Client;

/// <summary>Holds why there is no token, and until when nobody asks again.</summary>
/// <param name="reply">What became of the last call.</param>
/// <param name="count">How many acquisitions have failed in a row.</param>
/// <param name="until">When the next one may start, by the monotonic clock: setting the wall clock neither shortens nor prolongs it.</param>
internal sealed class TokenFailure(TokenReply reply, int count, TimeSpan until)
{
    public TokenReply Reply => reply;

    public int Count => count;

    public static TokenFailure Of(TokenReply reply, int count, TokenMoment now, double draw) =>
        new(reply, count, now.Monotonic + (reply.RetryAfter ?? Backoff.After(count, draw)));

    public bool IsActive(TokenMoment now) => reply.IsPermanent || now.Monotonic < until;

    public TimeSpan RemainingAt(TokenMoment now) => until > now.Monotonic ? until - now.Monotonic : TimeSpan.Zero;

    /// <summary>Makes an exception of it, one for each caller: they are thrown on many threads.</summary>
    public AccessTokenException ToException(TokenMoment now) =>
        new(reply.Problem, !reply.IsPermanent, reply.IsPermanent ? null : RemainingAt(now), reply.Error, reply.Cause);
}
