namespace Cluster;

/// <summary>A key that was just created: its row's id, and the one time its Secret is known.</summary>
internal sealed record CreatedKey(string Id, string Key, string Secret);
