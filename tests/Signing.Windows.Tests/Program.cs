using System.Reflection;
using Signing.Tests.House;
using Xunit.Runner.InProc.SystemConsole;

// Two programs in one: `signing …` is the command of Signing.Tool, anything else are options of the test runner.
return args is ["signing", .. string[] arguments]
    ? (int)Assembly.Load("Signing.Tool").EntryPoint!.Invoke(null, [arguments])!
    : await new ConsoleRunner(args, typeof(CanaryTests).Assembly).EntryPoint();
