using Microsoft.AspNetCore.Http;

namespace Signing.AspNetCore;

/// <summary>The token that came with a signature.</summary>
internal sealed class JoinedToken(TokenPresence token)
{
    /// <summary>Gets the scheme that reads it.</summary>
    public TokenDoor Door => token.Door!;

    /// <summary>What was found about it: nothing unless the signature is its holder's.</summary>
    public TokenAnswer Answer { get; private set; }

    /// <summary>Judges the token; it and the signature are one credential if the one covers the other and both are the same client's.</summary>
    /// <returns><see langword="true"/> if they are, and the token is accepted; else the verdict says why not.</returns>
    public async ValueTask<bool> JoinsAsync(HttpContext context, HttpRequestView message, SignatureCandidate candidate, SignatureVerdict verdict)
    {
        if (!candidate.Covers(message, Door.Component))
        {
            verdict.Status = SignatureStatus.InsufficientCoverage;
            return false;
        }

        TokenAnswer answer = await Door.VerifyAsync(token.Token, context.RequestAborted).ConfigureAwait(false);
        if (answer.Refusal is null && answer.Client != verdict.Credential!.Key)
        {
            verdict.CredentialStatus = CredentialStatus.AmbiguousCredentials;
            return false;
        }

        Answer = answer;
        return answer.Refusal is null;
    }
}
