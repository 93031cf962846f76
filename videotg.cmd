@echo off
rem Runs videotg on Windows. Builds it first if its sources are newer than the last build. Environment as in the script
rem "videotg" beside this file: VIDEOTG_BLAS, VIDEOTG_CACHE, VIDEOTG_CLASSPATH (separated by ;), VIDEOTG_JAVA_OPTS, VIDEOTG_GPU (auto or
rem off, since CUDA needs Linux) and OMP_NUM_THREADS.
setlocal EnableExtensions DisableDelayedExpansion
set "videotg_home=%~dp0"
set "videotg_home=%videotg_home:~0,-1%"
set "target=%videotg_home%\app\target"
set "dist=%target%\dist"
set "java=java.exe"
if defined JAVA_HOME set "java=%JAVA_HOME%\bin\java.exe"
if defined JAVA_HOME if exist "%java%" goto java_found
if not defined JAVA_HOME where java.exe >nul 2>nul && goto java_found
echo error: no Java found; install a JDK 17 and put it on PATH, or set JAVA_HOME 1>&2
exit /b 1
:java_found
if /i "%VIDEOTG_GPU%"=="on" (
  echo error: VIDEOTG_GPU is "on", but CUDA needs Linux; set it to auto or off 1>&2
  exit /b 1
)

rem Every build has a folder of its own, so that building does not disturb running programs; "current" names the last one.
call :up_to_date
if not errorlevel 1 goto start
if not exist "%videotg_home%\pom.xml" (
  echo error: "%videotg_home%" holds neither a build nor the sources of videotg 1>&2
  exit /b 1
)
if not exist "%dist%" mkdir "%dist%"
if not exist "%dist%" exit /b 1
rem Only one process can hold the lock file open; the others wait until it is closed.
:lock
set "built="
call :build 9>"%target%\.build.lock"
if not defined built (
  ping -n 2 127.0.0.1 >nul
  goto lock
)
if "%built%"=="failed" (
  echo error: the build failed; see above 1>&2
  exit /b 1
)

:start
for /f "usebackq delims=" %%d in ("%dist%\current") do set "name=%%d"
if not defined OMP_NUM_THREADS set "OMP_NUM_THREADS=%NUMBER_OF_PROCESSORS%"
set "OPENBLAS_NUM_THREADS=1"
set "classes=%dist%\%name%\lib\*"
if defined VIDEOTG_CLASSPATH set "classes=%classes%;%VIDEOTG_CLASSPATH%"
"%java%" -XX:+UseSerialGC -Xshare:auto -Dfile.encoding=UTF-8 "-Dvideotg.home=%videotg_home%" %VIDEOTG_JAVA_OPTS% ^
  -cp "%classes%" org.videotg.app.command.VideoTg %*
exit /b %errorlevel%

rem Succeeds if there is a build and no source is newer.
:up_to_date
if not exist "%dist%\current" exit /b 1
if not exist "%videotg_home%\pom.xml" exit /b 0
powershell -NoProfile -Command "$built = (Get-Item -LiteralPath (Join-Path $env:dist 'current')).LastWriteTimeUtc; Set-Location -LiteralPath $env:videotg_home; $sources = @(Get-Item -Path 'pom.xml', '*\pom.xml', 'packages\natives\*\pom.xml') + @(Get-ChildItem -Path '*\src\main' -Recurse); exit [int](@($sources | Where-Object { $_.LastWriteTimeUtc -gt $built }).Count -gt 0)"
exit /b %errorlevel%

rem Sets "built" to done or failed.
:build
set "built="
call :up_to_date
if not errorlevel 1 set "built=done"
if defined built exit /b 0
set "built=failed"
echo videotg: building (the first build downloads libraries) ... 1>&2
set "name="
for /f %%t in ('powershell -NoProfile -Command "Get-Date -Format yyyyMMdd-HHmmss"') do set "name=%%t-%random%"
if not defined name exit /b 1
rem Its time, that of the begin of the build, is what sources are compared with.
>"%dist%\current.new" echo %name%
pushd "%videotg_home%"
call mvnw.cmd -q -B -DskipTests -Ddistribution.name=%name% -pl app -am package 1>&2
set "code=%errorlevel%"
popd
if not "%code%"=="0" exit /b 1
move /y "%dist%\current.new" "%dist%\current" >nul
if errorlevel 1 exit /b 1
rem By then no program should run from a build that is a week old.
forfiles /p "%dist%" /d -7 /c "cmd /c if @isdir==TRUE rd /s /q @path" >nul 2>nul
set "built=done"
exit /b 0
