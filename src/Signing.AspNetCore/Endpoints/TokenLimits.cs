using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;

namespace Signing.AspNetCore;

/// <summary>Bounds how often an address may try, and how often a client may log in. Client ids are public, so nobody is counted by one that is not proved.</summary>
internal sealed class TokenLimits : IDisposable
{
    // Addresses share a fixed number of counts, by a hash that nobody outside can compute: a flood of addresses fills no
    // memory, and finds no one address to lock out.
    private const int Partitions = 1 << 14;
    private const int Ipv6PrefixBytes = 8;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly ulong _seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
    private readonly PartitionedRateLimiter<int>? _addresses;
    private readonly PartitionedRateLimiter<string>? _clients;

    public TokenLimits(TokenEndpointOptions options)
    {
        _addresses = options.RequestsPerAddress == 0 ? null : PartitionedRateLimiter.Create<int, int>(
            partition => RateLimitPartition.GetFixedWindowLimiter(partition, _ => Limit(options.RequestsPerAddress)));
        _clients = options.RequestsPerClient == 0 ? null : PartitionedRateLimiter.Create<string, string>(
            client => RateLimitPartition.GetFixedWindowLimiter(client, _ => Limit(options.RequestsPerClient)), StringComparer.Ordinal);
    }

    /// <summary>Counts a request of an address.</summary>
    /// <returns><see langword="null"/> if it may go on; else after how long it may come again.</returns>
    public TimeSpan? Enter(HttpContext context) => Take(_addresses, PartitionOf(context.Connection.RemoteIpAddress));

    /// <summary>Counts a request of a client that has proved who it is.</summary>
    /// <returns><see langword="null"/> if it may go on; else after how long it may come again.</returns>
    public TimeSpan? Enter(Credential client) => Take(_clients, client.Key);

    public void Dispose()
    {
        _addresses?.Dispose();
        _clients?.Dispose();
    }

    private static TimeSpan? Take<T>(PartitionedRateLimiter<T>? limiter, T resource)
    {
        if (limiter is null)
        {
            return null;
        }

        using RateLimitLease lease = limiter.AttemptAcquire(resource);
        return lease.IsAcquired ? null : lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan wait) ? wait : Window;
    }

    private static FixedWindowRateLimiterOptions Limit(int permits) => new() { PermitLimit = permits, Window = Window };

    private int PartitionOf(IPAddress? address)
    {
        Span<byte> bytes = stackalloc byte[16];
        int length = 0;
        if (address is { IsIPv4MappedToIPv6: true })
        {
            address = address.MapToIPv4();
        }

        address?.TryWriteBytes(bytes, out length);

        // Whoever has one IPv6 address has the 2^64 around it.
        length = address?.AddressFamily == AddressFamily.InterNetworkV6 ? Ipv6PrefixBytes : length;
        var hash = new HashCode();
        hash.Add(_seed);
        hash.AddBytes(bytes[..length]);
        return (int)((uint)hash.ToHashCode() % Partitions);
    }
}
