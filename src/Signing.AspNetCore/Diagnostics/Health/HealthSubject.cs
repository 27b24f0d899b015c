namespace Signing.AspNetCore;

/// <summary>What the health checks ask about.</summary>
internal enum HealthSubject
{
    /// <summary>Whether credentials can be looked up, and are as they are now.</summary>
    Credentials = 0,

    /// <summary>Whether the key ring opens what it has sealed.</summary>
    Secrets,

    /// <summary>Whether signatures can be claimed.</summary>
    Replay,

    /// <summary>Whether this host's clock agrees with others.</summary>
    Clock,

    /// <summary>Whether logins can be kept.</summary>
    Tokens,
}
