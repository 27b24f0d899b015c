namespace Signing.PostgreSql.Tests.Support;

/// <summary>What a <see cref="Relay"/> does with the next bytes that reach it.</summary>
internal enum RelayFault
{
    /// <summary>It carries them on.</summary>
    None,

    /// <summary>It drops what is asked, and the connection with it: the server has never seen it.</summary>
    CutsRequests,

    /// <summary>It keeps what is asked until the fault has ended, and says nothing to who is new until then.</summary>
    HoldsRequests,

    /// <summary>It keeps what is answered until the fault has ended, and says nothing to who is new until then.</summary>
    HoldsAnswers,
}
