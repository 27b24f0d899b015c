using Microsoft.Extensions.Logging;

namespace Signing.AspNetCore;

internal static partial class CredentialLog
{
    [LoggerMessage(2001, LogLevel.Information, "Read {KeyPairs} KeyPairs, {ApiTokens} ApiTokens and {SharingKeys} sharing keys from {Section}.")]
    public static partial void CredentialsRead(this ILogger logger, int keyPairs, int apiTokens, int sharingKeys, string section);

    [LoggerMessage(2002, LogLevel.Warning, "{Section}:Credentials is empty, and so is {Section}:ApiTokens: every request is refused.")]
    public static partial void CredentialsEmpty(this ILogger logger, string section);

    [LoggerMessage(2003, LogLevel.Error, "{Section} has changed and cannot be used; what was read before stays in force, so the change, be it a suspension, has no effect yet: {Failures}")]
    public static partial void CredentialsRefused(this ILogger logger, string section, string failures);

    [LoggerMessage(2004, LogLevel.Error, "{Section} has changed and cannot be read. What was read before stays in force, so the change, be it a suspension, has no effect yet.")]
    public static partial void CredentialsUnread(this ILogger logger, string section, Exception exception);

    [LoggerMessage(2010, LogLevel.Information, "Opened {Path}: {Count} credentials; time had ended {Settled} of them or of their Secrets, and {Resealed} were sealed anew.")]
    public static partial void CredentialFileOpened(this ILogger logger, string path, int count, int settled, int resealed);

    [LoggerMessage(2011, LogLevel.Warning, "The Data Protection key ring that seals the Secrets in {Path} is not encrypted. Outside Development the start fails for this, unless AllowUnprotectedKeyRing is set: call AddDataProtection() with one of the ProtectKeysWith… methods.")]
    public static partial void CredentialKeyRingUnprotected(this ILogger logger, string path);

    [LoggerMessage(2012, LogLevel.Error, "The credential store does not take the last uses of credentials. They wait and are tried again; no request is refused for it.")]
    public static partial void UsesNotWritten(this ILogger logger, Exception exception);

    [LoggerMessage(2013, LogLevel.Information, "The credential store takes the last uses of credentials again.")]
    public static partial void UsesWrittenAgain(this ILogger logger);

    [LoggerMessage(2014, LogLevel.Error, "Last uses and what time has ended could not be written to the file of credentials; it is tried again. Whatever has ended is refused nevertheless.")]
    public static partial void CredentialFileNotTidied(this ILogger logger, Exception exception);

    [LoggerMessage(2015, LogLevel.Error, "The file of credentials could not be written at the stop. What it lacks is gone with this process: last uses, and every change that ended in an error, revocations among them. Repeat those.")]
    public static partial void CredentialFileLeftBehind(this ILogger logger, Exception exception);
}
