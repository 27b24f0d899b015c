namespace Signing.PostgreSql.Tests.Docs;

/// <summary>Sets a key for a time unless it is there: <c>SET key 1 NX PX milliseconds</c>.</summary>
public delegate ValueTask<bool> SetIfAbsent(string key, TimeSpan lifetime, CancellationToken cancellationToken);
